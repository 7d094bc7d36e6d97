"""Whom a packet waited for in vain: a function of the shell, for scripts that run in a container.

ping counts a packet as transmitted that waits for ARP, and a connection to nobody is tried for three
seconds. What became of it the kernel's table of neighbours says, of the address or of the gateway that leads
there: its flags are 0 if nobody answered.
"""

from __future__ import annotations

# `unanswered SAID`, with what ping printed: "@ARP", or "@ARP gateway", if nobody answered.
SCRIPT = """
unanswered() {
  to=${1#*(}; to=${to%%)*}
  via=$(ip route get "$to" 2>/dev/null | sed -n 's/.* via \\([^ ]*\\).*/\\1/p')
  case $to in *:*)
    ip -6 neigh 2>/dev/null | grep -qiE "^${via:-$to} .*(INCOMPLETE|FAILED)" && echo "@ARP ${via:+gateway}"
    return;;
  esac
  while read -r address _ flags _; do
    [ "$address $flags" = "${via:-$to} 0x0" ] && echo "@ARP ${via:+gateway}"
  done 2>/dev/null </proc/net/arp
}
"""
