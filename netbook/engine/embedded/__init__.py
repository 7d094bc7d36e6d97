"""Rung 3, a Docker Engine where there is none: dockerd inside user-mode Linux, a kernel that is a process.

machine    the engine: start, join, leave, stop
keeper     the process that starts its programs, watches them, ends them
guest/     what runs inside, as the guest's pid 1
shell      ssh to the guest
sandbox    what the guest's kernel may not do on the host
files      its folder
orphans    processes that a killed keeper leaves
programs   where the guest's programs lie
install    fetching them without root
memory     how much the guest gets
processor  what a CPU needs of the guest's kernel
obstacles  what forbids it
"""
