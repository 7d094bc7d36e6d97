"""A ping that heard the reply to another ping, asked again.

busybox's ping takes any reply with its number, from wherever it comes, and its number is its process's: in a
network namespace that two share, two pings can have the same.
"""

# `again COMMAND…`, a ping: what it printed is then in $said.
SCRIPT = """
again() {
  for turn in 1 2 3; do
    said=$("$@" 2>&1)
    to=${said#*(} to=${to%%)*} from=${said#* bytes from }
    case $said in *" bytes from "*) ;; *) return ;; esac
    case ${from%%seq=*} in *"$to"*) return ;; esac
  done
  said="the reply to another ping"
}
"""
