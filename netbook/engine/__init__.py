"""The Docker Engine: finding one, starting one, talking to it.

The only package that imports the docker SDK or starts engines. Nothing above
it knows which rung of the ladder the engine came from.

    ladder     which engine: the reader's own, a private one, an embedded one
    own        rung 1, at one of the candidates: where a reader's engine can be listening
    lease      who still uses an engine of ours
    client     the verbs, and what engines answer
    private    rung 2: a dockerd of our own
    embedded   rung 3: a dockerd in a kernel that is a process
    images     where the lab image, and those with tcpdump and iptables, come from
"""
