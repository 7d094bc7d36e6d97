"""The Docker Engine: finding one, starting one, talking to it.

The only package that imports the docker SDK or starts processes. Nothing above
it knows which rung of the ladder the engine came from.

    ladder     which engine: the reader's own, a private one, …
    endpoints  where a reader's engine can be listening
    private    rung 2: a dockerd of our own
    embedded   rung 3: a dockerd in a kernel that is a process
    firewall   what a private one changes on the machine, and takes back
    leftovers  what a private one leaves that was killed
    knock      does anybody answer on a socket
    remains    a private one's folder, removed when nobody uses it
    lease      who still uses a private engine
    image      where the lab image comes from
    capture_image  … and that with tcpdump
    recipe     the ladder that both climb
    api        the verbs
    channel    a command that stays open: a line in, a text out
    events     what happens on the engine, as it happens
    streams    what a command prints, both streams
    records    the engine's JSON → models
    refusals   the engine's refusals → our errors
"""
