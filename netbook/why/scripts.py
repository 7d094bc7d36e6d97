"""What the observer runs in network namespaces, for `senses`: programs of the shell.

It may open nothing for writing, so there is no `>/dev/null` in them; nor may it end what waits too long, so
nothing in them waits long. Each takes a process of the namespace; 0 is the host. A stranger's file may hold
anything, so none of its lines begins with our `@`.
"""

from netbook.reach import again

_INSIDE = """
inside() { if [ "$pid" = 0 ]; then "$@"; else nsenter -t "$pid" -n "$@"; fi; } </dev/null
"""
# For questions that are answered at once, one after another in one process: a line in, a text and "@end" out.
SERVE = (
    _INSIDE
    + again.SCRIPT
    + r"""
spaces() {
  for pid; do
    root=/proc/$pid/root; [ "$pid" != 0 ] || root=
    echo "@routes"; inside ip route
    echo "@neighbours"; inside ip neigh
    echo "@sockets"; inside netstat -tuan
    echo "@forwards"; inside cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding
    echo "@resolver"; sed 's/^@/#/' "$root/etc/resolv.conf"; echo
    echo "@hosts"; sed 's/^@/#/' "$root/etc/hosts"; echo
    echo "@@"
  done
}
ways() {
  while [ $# -gt 1 ]; do
    pid=$1 to=$2 six=; shift 2
    case $to in *:*) six=-6;; esac
    echo "@@"; inside ip $six route get "$to" 2>&1
  done
}
lookup() { pid=$1; inside nslookup "$2" "$3" 2>&1; }
# a process, an address, and the data of a big ping
sizes() {
  pid=$1 to=$2 size=$3
  again inside ping -c 2 -i 0.05 -W 1 "$to"
  echo "@ping"; echo "$said"
  case $said in *" bytes from "*) echo "@big"; inside ping -c 4 -i 0.05 -W 1 -s "$size" "$to" 2>&1;; esac
}
# a process, and a command that sends one packet more, for those who listen: nobody waits for the answer
send() {
  pid=$1; shift
  inside "$@" >&- 2>&- &
  sent=$! tries=4
  while [ -e /proc/$sent ] && [ $tries -gt 0 ]; do sleep 0.05; tries=$((tries - 1)); done
}
# a process that is to hear some
datagrams() {
  [ "$1" != 0 ] || set -- self
  cat /proc/$1/net/snmp /proc/$1/net/snmp6 /proc/$1/net/udp /proc/$1/net/udp6
}
set -f
while read -r verb words; do
  case $verb in spaces|ways|lookup|sizes|send|datagrams) $verb $words;; esac
  echo "@end"
done
"""
)
# Arguments: a process, an address, a port or 0.
TRY = (
    _INSIDE
    + again.SCRIPT
    + """
pid=$1 to=$2 port=$3 loud=
if [ "$port" != 0 ]; then
  case $(nc --help 2>&1) in *Verbose*) loud=-vv;; esac
  said=$(inside nc $loud -w 1 "$to" "$port" -e true 2>&1)
  case $? in 0) said=open;; 124|137|143) said="nc: timed out";; esac
  echo "@nc"; echo "$said"
else
  again inside ping -c 2 -i 0.05 -W 1 "$to"
  echo "@ping"; echo "$said"
fi
echo "@neighbours"; inside ip neigh
"""
)
