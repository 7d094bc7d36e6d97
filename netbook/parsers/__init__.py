"""Text in, models out: one command, one module, one `parse(text)`.

    ip_addr      ip addr            → tuple[Interface, ...]
    ip_route     ip route           → tuple[Route, ...]
    ping         ping HOST          → PingResult
    nslookup     nslookup NAME      → Lookup
    ip_neigh     ip neigh           → tuple[Neighbour, ...]
    bridge_fdb   bridge fdb         → tuple[Forwarding, ...]
    netstat, ss  netstat -tuln, ss  → tuple[Socket, ...]
    wget, curl   wget -q -O - URL   → str, why no page came
    nc           nc -w 2 HOST PORT  → str, why no connection was made
    iptables_save  iptables-save    → tuple[Chain, ...]
    hosts        /etc/hosts         → tuple[HostEntry, ...]
    resolv_conf  /etc/resolv.conf   → Resolver

Each reads Debian's busybox, the official image's busybox and, where there is
one, the full-size tool. What none of them prints raises `ParseError` with the
offending line and its number, and nothing else is ever raised.
"""
