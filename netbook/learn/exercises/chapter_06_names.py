"""Exercises of chapter 06, links: where a name is kept."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import Untouched
from netbook.learn.goals.links import On, Unlinked
from netbook.learn.goals.names import NotInHosts, NotResolves, Resolves
from netbook.learn.goals.things import Absent, Running

EXERCISES = (
    Exercise(
        id="06-line",
        title="The line that stayed",
        task=(
            "On the network `pantry`, somebody once wrote the address of `jar` into the `/etc/hosts` of "
            "`cook`, as a link would have done. Since then `jar` was restarted and has another address, and "
            "`lodger` has its old one: what `cook` wants from `jar`, it asks of `lodger`.\n\n"
            "Mend it. In `cook`, the name `jar` leads to `jar`, and no line of its `/etc/hosts` is about "
            "`jar`, so that it stays right when `jar` moves again. `cook` and `jar` run, are on `pantry`, "
            "and are the containers of the start; `lodger` is left as it was."
        ),
        start="""\
lab.create_network("pantry", subnet="10.73.2.0/24")
jar = lab.run("jar", network="pantry")
cook = lab.run("cook", network="pantry")
cook.exec("sh", "-c", "echo 10.73.2.2 jar >> /etc/hosts")
jar.stop()
lab.run("lodger", network="pantry")
jar.start()
""",
        goals=(
            Running("cook", same=True),
            Running("jar", same=True),
            On("cook", "pantry"),
            On("jar", "pantry"),
            Resolves("cook", "jar", to="jar"),
            NotInHosts("cook", "jar"),
            Untouched("lodger", ("pantry",)),
        ),
        mistakes=(
            Mistake(
                says=(
                    "jar has its old address back, at the cost of lodger; and the next to come may take it "
                    "away again. Do not bend the world to the line."
                ),
                when=(Absent("lodger"), Not(NotInHosts("cook", "jar"))),
                program="""\
lab.container("lodger").remove()
lab.container("jar").restart()
""",
            ),
            Mistake(
                says=(
                    "The line is right today. It is still a copy of an address, and nobody will mend it when "
                    "jar moves again."
                ),
                when=(Resolves("cook", "jar", to="jar"), Not(NotInHosts("cook", "jar"))),
                program="""\
jar, cook = lab.container("jar"), lab.container("cook")
change = f"sed 's/^10.73.2.2 jar/{jar.address} jar/' /etc/hosts > /tmp/h; cat /tmp/h > /etc/hosts"
cook.exec("sh", "-c", change)
""",
                mended=True,
            ),
            Mistake(
                says=(
                    "This is another cook. Its file is clean, and all that the first one had in it is gone; "
                    "it was enough to take out a line."
                ),
                when=(Running("cook"), Not(Running("cook", same=True))),
                program='lab.run("cook", network="pantry")',
            ),
        ),
        hints=(
            "Who answers for a name first: the file, or the DNS server of the network?",
            "The DNS server knows jar already. It is only never asked.",
            "The file is mounted by the engine: it can be written to, but not replaced, as `sed -i` "
            "does. And who writes it, when a container starts?",
        ),
        solution="""\
cook = lab.container("cook")
cook.exec("sh", "-c", "grep -v jar /etc/hosts > /tmp/h; cat /tmp/h > /etc/hosts")
""",
        alternatives=(
            """\
!docker exec cook sh -c "grep -v jar /etc/hosts > /tmp/h; cat /tmp/h > /etc/hosts"
""",
            """\
lab.container("cook").restart()  # the engine writes the file anew
""",
        ),
        why=(
            "`/etc/hosts` is read before anybody is asked. A line in it is an address that was true once; "
            "the DNS server of the network knows what is true now."
        ),
    ),
    Exercise(
        id="06-relief",
        title="Relief for the night watch",
        task=(
            "On the network `coast`, `keeper` bears the alias `light`, and `ship` steers by that name. "
            "Relieve `keeper`: a new container, `relief`, takes over, and `keeper` is removed. In `ship`, "
            "the name `light` leads to `relief`. Nobody touches `ship`: it runs, is the container of the "
            "start, is on `coast`, and has no link."
        ),
        start="""\
lab.create_network("coast", subnet="10.73.3.0/24")
lab.run("keeper", network="coast", alias="light")
lab.run("ship", network="coast")
""",
        goals=(
            Running("ship", same=True),
            Running("relief"),
            Absent("keeper"),
            Unlinked("ship"),
            On("relief", "coast"),
            Resolves("ship", "light", to="relief"),
            Untouched("ship", ("coast",)),
        ),
        mistakes=(
            Mistake(
                says=(
                    "relief is on coast, and nobody bears the name light any more: an alias goes with its "
                    "container, and has to be given to the next one."
                ),
                when=(Absent("keeper"), On("relief", "coast"), NotResolves("ship", "light")),
                program="""\
lab.container("keeper").remove()
lab.run("relief", network="coast")
""",
            ),
            Mistake(
                says=(
                    "keeper is still on coast. If relief bears the name light as well, the DNS server names "
                    "both in changing order, and ship may steer by the old one."
                ),
                when=(Running("keeper"), On("relief", "coast"), Running("ship", same=True)),
                program='lab.run("relief", network="coast", alias="light")',
            ),
            Mistake(
                says=(
                    "ship was made anew, with a link, to follow the new name. On a network of your own "
                    "nobody has to be told: the name can move instead."
                ),
                when=(Running("ship"), Not(Unlinked("ship"))),
                program="""\
lab.container("keeper").remove()
lab.run("relief", network="coast")
lab.run("ship", network="coast", link="relief:light")
""",
            ),
        ),
        hints=(
            "Does ship know keeper, or does it know what keeper is called?",
            "Several containers may bear one alias, and each can bear it from its first moment on.",
        ),
        solution="""\
lab.run("relief", network="coast", alias="light")
lab.container("keeper").remove()
""",
        alternatives=(
            """\
!docker rm -f keeper
!docker run -di --name relief --network coast --network-alias light busybox
""",
            """\
relief = lab.run("relief")
lab.network("bridge").disconnect(relief)
lab.network("coast").connect(relief, alias="light")
lab.container("keeper").remove()
""",
        ),
        why=(
            "An alias says what a container does, not which one it is. Whoever calls it need not know that "
            "another one does it now, where a link would have been dead."
        ),
    ),
)
