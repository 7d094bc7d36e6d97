"""Exercises of chapter 12, names in depth: whose business a short name is."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.base import Not
from netbook.learn.goals.links import OnlyOn
from netbook.learn.goals.names import NotInHosts, NotResolves, Resolves
from netbook.learn.goals.things import Running

EXERCISES = (
    Exercise(
        id="12-short",
        title="Say it in one word",
        task=(
            "On the network `campus`, the container `stack01` is known as `library.uni.example`.\n\n"
            "Make a container `student` on `campus` and nowhere else, for whom the one word `library` leads "
            "to `stack01`, by DNS and not by a line in `/etc/hosts`. For `freshman`, who is there already, "
            "nobody has the name `library`, before and after. `stack01` and `freshman` are the containers of "
            "the start."
        ),
        start="""\
lab.create_network("campus", subnet="10.93.13.0/24")
lab.run("stack01", network="campus", alias="library.uni.example")
lab.run("freshman", network="campus", dns_option="ndots:1", dns_search=".")
""",
        goals=(
            Running("stack01", same=True),
            Running("freshman", same=True),
            Running("student"),
            OnlyOn("student", ("campus",)),
            NotInHosts("student", "library"),
            Resolves("student", "library", to="stack01"),
            NotResolves("freshman", "library"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "The line in student's /etc/hosts holds an address of today. Restart stack01 after "
                    "somebody else, and it leads astray."
                ),
                when=(Running("student"), Not(NotInHosts("student", "library"))),
                program="""\
lab.run("student", network="campus", add_host={"library": "10.93.13.2"})
""",
            ),
            Mistake(
                says=(
                    "Now everybody on campus knows the word library, freshman too: an alias is for all of "
                    "its network. It is the one who asks whose habits should change."
                ),
                when=(Running("student"), Not(NotResolves("freshman", "library"))),
                program="""\
campus, stack = lab.network("campus"), lab.container("stack01")
campus.disconnect(stack)
campus.connect(stack, alias=["library.uni.example", "library"])
lab.run("student", network="campus", dns_option="ndots:1", dns_search=".")
""",
            ),
            Mistake(
                says=(
                    "student finds library.uni.example, if it says all of it. Nobody completes the one word "
                    "for it."
                ),
                when=(
                    Running("student"),
                    Resolves("student", "library.uni.example", to="stack01"),
                    NotResolves("student", "library"),
                ),
                program="""\
lab.run("student", network="campus", dns_option="ndots:1", dns_search=".")
""",
            ),
        ),
        hints=(
            "Who appends something to a short name: the one who asks, or the one who answers?",
            "Which line of /etc/resolv.conf has the domains that are tried?",
            "It is decided when the container is made.",
        ),
        solution="""\
lab.run("student", network="campus", dns_search="uni.example")
""",
        alternatives=(
            """\
!docker run -di --name student --network campus --dns-search uni.example busybox
""",
        ),
        why=(
            "A search domain belongs to the one who asks: its resolver completes the short name, and the DNS "
            "server sees the long one. An alias belongs to the network, for all who are on it."
        ),
    ),
)
