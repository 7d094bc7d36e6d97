"""Exercises of chapter 15, IPv6: what has one protocol, and shall have both."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.addresses import Has
from netbook.learn.goals.base import Not
from netbook.learn.goals.links import NotOn, On, OnlyOn
from netbook.learn.goals.ports import ALL, Listens, Serves
from netbook.learn.goals.things import Running

EXERCISES = (
    Exercise(
        id="15-second",
        title="An address for an old service",
        task=(
            "`smithy` serves its page on `oldtown`, by IPv4. On the network `newtown`, which has both "
            "protocols, is `courier`.\n\n"
            "Give `smithy` the address `fd00:95:12::5` on `newtown`, too: `courier` gets the page `new "
            "horseshoes` from http://[fd00:95:12::5]/. `smithy` is the container of the start and stays on "
            "`oldtown`, where it goes on to serve its page at http://10.95.11.5/. `courier` is on `newtown` "
            "and nowhere else."
        ),
        start="""\
lab.create_network("oldtown", subnet="10.95.11.0/24")
lab.create_network("newtown", subnet=["10.95.12.0/24", "fd00:95:12::/64"], ipv6=True)
smithy = lab.run("smithy", network="oldtown", ip="10.95.11.5")
smithy.exec("sh", "-c", "echo new horseshoes > index.html; httpd")
lab.run("courier", network="newtown")
""",
        goals=(
            Running("smithy", same=True),
            Running("courier", same=True),
            On("smithy", "oldtown"),
            On("smithy", "newtown"),
            OnlyOn("courier", ("newtown",)),
            Has("smithy", "10.95.11.5"),
            Has("smithy", "fd00:95:12::5"),
            Serves("smithy", "http://10.95.11.5/", "new horseshoes"),
            Serves("courier", "http://[fd00:95:12::5]/", "new horseshoes"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "smithy is on newtown, under an address that Docker has chosen. Which one it gets can be "
                    "said when the cable is plugged in."
                ),
                when=(On("smithy", "newtown"), On("smithy", "oldtown"), Not(Has("smithy", "fd00:95:12::5"))),
                program="""\
lab.network("newtown").connect(lab.container("smithy"))
""",
            ),
            Mistake(
                says=(
                    "This smithy was made anew, with a container's loss of all that was in it. A running "
                    "container can be given a further cable."
                ),
                when=(Running("smithy"), Not(Running("smithy", same=True))),
                program="""\
lab.run("smithy", network="newtown", ip6="fd00:95:12::5")
""",
            ),
            Mistake(
                says=(
                    "smithy has moved: it is on newtown, and its old customers find nobody at 10.95.11.5. It "
                    "was to be on both."
                ),
                when=(Running("smithy", same=True), On("smithy", "newtown"), NotOn("smithy", "oldtown")),
                program="""\
smithy = lab.container("smithy")
lab.network("newtown").connect(smithy, ip6="fd00:95:12::5")
lab.network("oldtown").disconnect(smithy)
""",
            ),
            Mistake(
                says=(
                    "Now courier comes to oldtown, and gets its horseshoes there, by IPv4. It was the other "
                    "way round: the smithy opens a door on newtown."
                ),
                when=(On("courier", "oldtown"),),
                program="""\
lab.network("oldtown").connect(lab.container("courier"))
""",
            ),
        ),
        hints=(
            "Who has to be plugged in where, so that courier need not move?",
            "A running container can be connected to a further network. What can be said with it?",
            "docker network connect has an option for the address, and another one for that of IPv6.",
        ),
        solution="""\
lab.network("newtown").connect(lab.container("smithy"), ip6="fd00:95:12::5")
""",
        alternatives=(
            """\
!docker network connect --ip6 fd00:95:12::5 newtown smithy
""",
        ),
        why=(
            "Nothing was restarted: Docker plugs in a further interface and lets it speak IPv6. The server "
            "was ready for it, for it listens on `::`, also for addresses that come later."
        ),
    ),
    Exercise(
        id="15-deaf",
        title="Deaf on one ear",
        task=(
            "`radio` and `fan` are on `studio`, which has both protocols. By http://10.95.13.5/, `fan` hears "
            "`on air`. By http://[fd00:95:13::5]/, it is refused: the server in `radio` listens for IPv4 "
            "only.\n\n"
            "Mend it: `fan` hears `on air` at both addresses, on port 80. `radio` and `fan` are the "
            "containers of the start."
        ),
        start="""\
lab.create_network("studio", subnet=["10.95.13.0/24", "fd00:95:13::/64"], ipv6=True)
radio = lab.run("radio", network="studio", ip="10.95.13.5", ip6="fd00:95:13::5")
radio.exec("sh", "-c", "echo on air > index.html; httpd -p 0.0.0.0:80")
lab.run("fan", network="studio")
""",
        goals=(
            Running("radio", same=True),
            Running("fan", same=True),
            Has("radio", "fd00:95:13::5"),
            Serves("fan", "http://10.95.13.5/", "on air"),
            Serves("fan", "http://[fd00:95:13::5]/", "on air"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "There is a server for IPv6 now, and it listens on `::1`: the loopback, where only radio "
                    "itself gets to."
                ),
                when=(Listens("radio", 80, on="::1"),),
                program="""\
lab.container("radio").exec("httpd", "-p", "[::1]:80")
""",
                mended=True,
            ),
            Mistake(
                says=(
                    "Now it hears IPv6, and has lost IPv4: the server listens on one address, and that is of "
                    "the other protocol. One word stands for all addresses of both."
                ),
                when=(Listens("radio", 80, on="fd00:95:13::5"), Not(Listens("radio", 80, on=ALL))),
                program="""\
radio = lab.container("radio")
radio.exec("killall", "httpd")
radio.exec("httpd", "-p", "[fd00:95:13::5]:80")
""",
            ),
            Mistake(
                says=(
                    "A server that hears both is there, on another port than 80. The port was taken, for "
                    "IPv4 at least, and `::` wants it for both: the old server has to go first."
                ),
                when=(Listens("radio", 80, on=ALL), Listens("radio", 8080)),
                program="""\
lab.container("radio").exec("httpd", "-p", "[::]:8080")
""",
            ),
        ),
        hints=(
            "What do radio's sockets say: on which addresses does it listen?",
            '0.0.0.0 is all of IPv4. How is "all" written for both?',
            "A port that is taken cannot be taken again: end the old server (killall), then start the new "
            "one.",
        ),
        solution="""\
radio = lab.container("radio")
radio.exec("killall", "httpd")
radio.exec("httpd", "-p", "[::]:80")
""",
        alternatives=(
            """\
!docker exec radio killall httpd
!docker exec radio httpd
""",
            """\
lab.container("radio").exec("httpd", "-p", "[fd00:95:13::5]:80")
""",
        ),
        why=(
            "A socket on `::` takes IPv4 as well, unless its program says otherwise; one on 0.0.0.0 never "
            "takes IPv6. (To leave the old server alone and start a second one for the IPv6 address does it, "
            "too.)"
        ),
        met=(
            "somebody whose page was refused by IPv6, until nginx listened there, too: "
            "https://github.com/ashwin-pc/hiccup/pull/63"
        ),
    ),
)
