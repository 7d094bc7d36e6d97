"""Exercises of chapter 08, containers that talk: who stands where."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.base import Not
from netbook.learn.goals.links import NotOn, On, OnlyOn
from netbook.learn.goals.names import NotResolves, Resolves
from netbook.learn.goals.reach import NotReaches
from netbook.learn.goals.things import Running

EXERCISES = (
    Exercise(
        id="08-hub",
        title="A friend of both",
        task=(
            "`hub`, `left` and `right` meet on the network `plaza`, where each reaches each. `left` and "
            "`right` are rivals, and `hub` is a friend of both. Two more networks are there already, `west` "
            "and `east`.\n\n"
            "Part them: `left` is on `west` and nowhere else, `right` on `east` and nowhere else, `hub` on "
            "both of these and on no other. `left` does not reach `right`; both find `hub` under the name "
            "`hub`. All three are the containers of the start, and run on."
        ),
        start="""\
lab.create_network("plaza", subnet="10.77.1.0/24")
lab.create_network("west", subnet="10.77.2.0/24")
lab.create_network("east", subnet="10.77.3.0/24")
lab.run("hub", network="plaza")
lab.run("left", network="plaza")
lab.run("right", network="plaza")
""",
        goals=(
            Running("hub", same=True),
            Running("left", same=True),
            Running("right", same=True),
            OnlyOn("hub", ("west", "east")),
            OnlyOn("left", ("west",)),
            OnlyOn("right", ("east",)),
            NotReaches("left", "right", control="hub"),
            Resolves("left", "hub", to="hub"),
            Resolves("right", "hub", to="hub"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "The new cables are plugged in, and the old ones are not pulled: on plaza, left and "
                    "right still meet."
                ),
                when=(On("left", "west"), On("right", "east"), On("left", "plaza"), On("right", "plaza")),
                program="""\
hub, left, right = (lab.container(name) for name in ("hub", "left", "right"))
for network, rival in (("west", left), ("east", right)):
    lab.network(network).connect(hub)
    lab.network(network).connect(rival)
""",
            ),
            Mistake(
                says=(
                    "left and right are neighbours again, on west: whoever shares a network talks. The "
                    "friend needs two cables, the rivals need one each."
                ),
                when=(On("left", "west"), On("right", "west")),
                program="""\
for name in ("hub", "left", "right"):
    lab.network("west").connect(lab.container(name))
    lab.network("plaza").disconnect(lab.container(name))
""",
            ),
            Mistake(
                says=(
                    "left and right are apart, and right has lost hub, too: hub is not on east. A network "
                    "ends at its last cable, so a friend of both needs one in each."
                ),
                when=(OnlyOn("left", ("west",)), OnlyOn("right", ("east",)), NotOn("hub", "east")),
                program="""\
hub, left, right = (lab.container(name) for name in ("hub", "left", "right"))
for network, guest in (("west", hub), ("west", left), ("east", right)):
    lab.network(network).connect(guest)
    lab.network("plaza").disconnect(guest)
""",
            ),
        ),
        hints=(
            "Two can talk if they have a network in common. Which pairs shall have one?",
            "Draw three circles for the networks, and put the three names in. One of them stands in two.",
            "Being on two networks does not make a container a door between them.",
        ),
        solution="""\
hub, left, right = (lab.container(name) for name in ("hub", "left", "right"))
west, east, plaza = (lab.network(name) for name in ("west", "east", "plaza"))
west.connect(hub)
west.connect(left)
east.connect(hub)
east.connect(right)
for each in (hub, left, right):
    plaza.disconnect(each)
""",
        alternatives=(
            """\
!docker network connect west hub
!docker network connect west left
!docker network connect east hub
!docker network connect east right
!docker network disconnect plaza hub
!docker network disconnect plaza left
!docker network disconnect plaza right
""",
        ),
        why=(
            "Reach is not handed on. That left reaches hub, and hub reaches right, does not let left reach "
            "right: each pair needs a network in common."
        ),
    ),
    Exercise(
        id="08-twins",
        title="Two databases, one name",
        task=(
            "`arcade_web` and `gazette_web` both call their database `db`. So `arcade_db` and `gazette_db` "
            "both got that alias, and all four sit on one network, `mixed`: the answers come from the one or "
            "the other, as chance will have it.\n\n"
            "Two networks are there already. `arcade_web` and `arcade_db` move to `arcade` and are nowhere "
            "else; `gazette_web` and `gazette_db` move to `gazette` and are nowhere else. In `arcade_web` "
            "the name `db` leads to `arcade_db`, in `gazette_web` to `gazette_db`. All four are the "
            "containers of the start, and run on."
        ),
        start="""\
lab.create_network("mixed", subnet="10.78.1.0/24")
lab.create_network("arcade", subnet="10.78.2.0/24")
lab.create_network("gazette", subnet="10.78.3.0/24")
for name in ("arcade", "gazette"):
    lab.run(f"{name}_web", network="mixed")
    lab.run(f"{name}_db", network="mixed", alias="db")
""",
        goals=(
            Running("arcade_web", same=True),
            Running("arcade_db", same=True),
            Running("gazette_web", same=True),
            Running("gazette_db", same=True),
            OnlyOn("arcade_web", ("arcade",)),
            OnlyOn("arcade_db", ("arcade",)),
            OnlyOn("gazette_web", ("gazette",)),
            OnlyOn("gazette_db", ("gazette",)),
            Resolves("arcade_web", "db", to="arcade_db"),
            Resolves("gazette_web", "db", to="gazette_db"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "Each pair has its network, and nobody is called db there: an alias counts on the one "
                    "network where it was given. It did not come along from mixed."
                ),
                when=(
                    OnlyOn("arcade_web", ("arcade",)),
                    OnlyOn("arcade_db", ("arcade",)),
                    NotResolves("arcade_web", "db"),
                ),
                program="""\
for name in ("arcade", "gazette"):
    for guest in (lab.container(f"{name}_web"), lab.container(f"{name}_db")):
        lab.network(name).connect(guest)
        lab.network("mixed").disconnect(guest)
""",
            ),
            Mistake(
                says=(
                    "The pairs have networks of their own now, and all four are still on mixed: there, db is "
                    "the one or the other as before."
                ),
                when=(On("arcade_web", "arcade"), On("arcade_web", "mixed"), On("gazette_db", "mixed")),
                program="""\
for name in ("arcade", "gazette"):
    lab.network(name).connect(lab.container(f"{name}_web"))
    lab.network(name).connect(lab.container(f"{name}_db"), alias="db")
""",
            ),
            Mistake(
                says=(
                    "Both databases have moved to one network, and took their common name along: the old "
                    "trouble in a new place."
                ),
                when=(On("arcade_db", "arcade"), On("gazette_db", "arcade")),
                program="""\
for name in ("arcade_web", "arcade_db", "gazette_web", "gazette_db"):
    guest = lab.container(name)
    lab.network("arcade").connect(guest, alias="db" if name.endswith("db") else ())
    lab.network("mixed").disconnect(guest)
""",
            ),
            Mistake(
                says=(
                    "This is another database, and what arcade_db knew is lost. One that runs can get an "
                    "alias, too: when it joins a network."
                ),
                when=(Running("arcade_db"), Not(Running("arcade_db", same=True))),
                program="""\
for name in ("arcade", "gazette"):
    lab.run(f"{name}_web", network=name)
    lab.run(f"{name}_db", network=name, alias="db")
""",
            ),
        ),
        hints=(
            "How far does an alias reach: the engine, a network, a container?",
            "Compose does just this: a network for each project, and on each a service called db.",
            "For each of the four: join the new network, leave the old one. Two of them bring their name.",
        ),
        solution="""\
for name in ("arcade", "gazette"):
    web, db = lab.container(f"{name}_web"), lab.container(f"{name}_db")
    lab.network(name).connect(web)
    lab.network(name).connect(db, alias="db")
    lab.network("mixed").disconnect(web)
    lab.network("mixed").disconnect(db)
""",
        alternatives=(
            """\
!docker network connect arcade arcade_web
!docker network connect --alias db arcade arcade_db
!docker network connect gazette gazette_web
!docker network connect --alias db gazette gazette_db
!docker network disconnect mixed arcade_web
!docker network disconnect mixed arcade_db
!docker network disconnect mixed gazette_web
!docker network disconnect mixed gazette_db
""",
        ),
        why=(
            "A name counts on its network. On one network, two of one name are answered in changing order, "
            "and nobody gets an error; on two networks they never meet."
        ),
        met=(
            "users with one alias twice on a shared network, who read the data of another project, "
            "sometimes: https://github.com/moby/moby/issues/43016"
        ),
    ),
)
