"""Exercises of chapter 07, networks of one's own: walls that go up, and one that comes down."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.base import Not
from netbook.learn.goals.links import NotOn, On, OnlyOn
from netbook.learn.goals.reach import Reaches
from netbook.learn.goals.things import Absent, HasNetwork, NoNetwork, Running

EXERCISES = (
    Exercise(
        id="07-inner",
        title="Two databases that cannot phone home",
        task=(
            "A shop and a blog share the network `common`: `shop_web`, `shop_db`, `blog_web` and `blog_db`. "
            "Each reaches each, and each has a way out.\n\n"
            "Make two networks that are internal, `shop_inner` and `blog_inner`. `shop_db` is on "
            "`shop_inner` and nowhere else, `blog_db` on `blog_inner` and nowhere else. `shop_web` is on "
            "`common` and on `shop_inner`, and reaches `shop_db`; `blog_web` is on `common` and on "
            "`blog_inner`, and reaches `blog_db`. Neither is on the inner network of the other. All four "
            "are those of the start: nobody stops."
        ),
        start="""\
lab.create_network("common", subnet="10.75.1.0/24")
lab.run("shop_web", network="common")
lab.run("shop_db", network="common")
lab.run("blog_web", network="common")
lab.run("blog_db", network="common")
""",
        goals=(
            HasNetwork("shop_inner", internal=True),
            HasNetwork("blog_inner", internal=True),
            Running("shop_web", same=True),
            Running("shop_db", same=True),
            Running("blog_web", same=True),
            Running("blog_db", same=True),
            OnlyOn("shop_db", ("shop_inner",)),
            OnlyOn("blog_db", ("blog_inner",)),
            OnlyOn("shop_web", ("common", "shop_inner")),
            OnlyOn("blog_web", ("common", "blog_inner")),
            Reaches("shop_web", "shop_db"),
            Reaches("blog_web", "blog_db"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "shop and blog are apart, but their databases still have a way out: a network that is "
                    "not internal leads to the world outside, whoever is on it."
                ),
                when=(HasNetwork("shop_inner", internal=False), On("shop_db", "shop_inner")),
                program="""\
common = lab.network("common")
for number, name in enumerate(["shop", "blog"], 2):
    inner = lab.create_network(f"{name}_inner", subnet=f"10.75.{number}.0/24")
    web, db = lab.container(f"{name}_web"), lab.container(f"{name}_db")
    inner.connect(web)
    inner.connect(db)
    common.disconnect(db)
""",
            ),
            Mistake(
                says=(
                    "The databases have an inner network each, and are on common as well: that door still "
                    "stands open."
                ),
                when=(On("shop_db", "shop_inner"), On("shop_db", "common")),
                program="""\
for number, name in enumerate(["shop", "blog"], 2):
    inner = lab.create_network(f"{name}_inner", subnet=f"10.75.{number}.0/24", internal=True)
    inner.connect(lab.container(f"{name}_web"))
    inner.connect(lab.container(f"{name}_db"))
""",
            ),
            Mistake(
                says=(
                    "One inner network for both keeps the world out, and leaves the blog in the same room as "
                    "the database of the shop."
                ),
                when=(On("shop_db", "shop_inner"), On("blog_db", "shop_inner")),
                program="""\
inner = lab.create_network("shop_inner", subnet="10.75.2.0/24", internal=True)
for name in ("shop_web", "shop_db", "blog_web", "blog_db"):
    inner.connect(lab.container(name))
for name in ("shop_db", "blog_db"):
    lab.network("common").disconnect(lab.container(name))
""",
            ),
            Mistake(
                says=(
                    "Nobody reaches the database of the shop any more, its own web server included: a wall "
                    "needs somebody on both sides of it."
                ),
                when=(OnlyOn("shop_db", ("shop_inner",)), NotOn("shop_web", "shop_inner")),
                program="""\
for number, name in enumerate(["shop", "blog"], 2):
    inner = lab.create_network(f"{name}_inner", subnet=f"10.75.{number}.0/24", internal=True)
    inner.connect(lab.container(f"{name}_db"))
    lab.network("common").disconnect(lab.container(f"{name}_db"))
""",
            ),
        ),
        hints=(
            "Draw it first: four containers, three networks. Who has two cables, and who has one?",
            "Internal is a property of a network, from the moment it is made.",
            "For each database: one network to join, and one to leave.",
        ),
        solution="""\
common = lab.network("common")
for number, name in enumerate(["shop", "blog"], 2):
    inner = lab.create_network(f"{name}_inner", subnet=f"10.75.{number}.0/24", internal=True)
    web, db = lab.container(f"{name}_web"), lab.container(f"{name}_db")
    inner.connect(web)
    inner.connect(db)
    common.disconnect(db)
""",
        alternatives=(
            """\
!docker network create --internal --subnet 10.75.2.0/24 shop_inner
!docker network create --internal --subnet 10.75.3.0/24 blog_inner
!docker network connect shop_inner shop_web
!docker network connect shop_inner shop_db
!docker network disconnect common shop_db
!docker network connect blog_inner blog_web
!docker network connect blog_inner blog_db
!docker network disconnect common blog_db
""",
        ),
        why=(
            "A container on two networks is a guest in both and a door between neither. So the web servers "
            "talk to the world and to their own database, and nobody else gets as far as that."
        ),
    ),
    Exercise(
        id="07-barn",
        title="A network goes, its guests stay",
        task=(
            "The network `barn` is to be torn down: in the end there is none. Its guests move to `meadow`. "
            "`horse` is awake and does not stop for it. `owl` is asleep, a stopped container, and was made "
            "with `--network barn`. Afterwards `horse` and `owl` both run, are the containers of the start, "
            "and are on `meadow` and nowhere else."
        ),
        start="""\
lab.create_network("barn", subnet="10.76.1.0/24")
lab.create_network("meadow", subnet="10.76.2.0/24")
lab.run("horse", network="barn")
lab.run("owl", network="barn").stop()
""",
        goals=(
            NoNetwork("barn"),
            Running("horse", same=True),
            Running("owl", same=True),
            OnlyOn("horse", ("meadow",)),
            OnlyOn("owl", ("meadow",)),
        ),
        mistakes=(
            Mistake(
                says=(
                    "horse is gone, and with it what held barn. It would have been enough to pull its cable."
                ),
                when=(Absent("horse"),),
                program="""\
lab.container("horse").remove()
lab.network("barn").remove()
""",
            ),
            Mistake(
                says=("horse is awake and has only lo: it left barn and joined nothing."),
                when=(Running("horse"), OnlyOn("horse")),
                program="""\
lab.network("barn").disconnect(lab.container("horse"))
lab.network("barn").remove()
""",
            ),
            Mistake(
                says=(
                    "barn is gone, and owl cannot wake up: it was never told to leave, and looks for barn "
                    "when it starts. One that is stopped holds no network; it needs one all the same. "
                    "Begin again, with task.start()."
                ),
                when=(NoNetwork("barn"), OnlyOn("horse", ("meadow",)), Not(Running("owl"))),
                program="""\
horse = lab.container("horse")
lab.network("meadow").connect(horse)
lab.network("barn").disconnect(horse)
lab.network("barn").remove()
""",
            ),
        ),
        hints=(
            "What holds a network is a cable that is plugged in. Who has one in barn now?",
            "Think of the one who sleeps. Where will it look for its network when it wakes up?",
            "It is easiest while barn still stands: let both be awake, move both, and pull it down then.",
        ),
        solution="""\
horse, owl = lab.container("horse"), lab.container("owl")
owl.start()
for guest in (horse, owl):
    lab.network("meadow").connect(guest)
    lab.network("barn").disconnect(guest)
lab.network("barn").remove()
""",
        alternatives=(
            """\
!docker start owl
!docker network connect meadow horse
!docker network connect meadow owl
!docker network disconnect barn horse
!docker network disconnect barn owl
!docker network rm barn
""",
        ),
        why=(
            "The engine keeps a network as long as somebody is plugged in. It does not ask who will want to "
            "be: a stopped container finds out at its next start."
        ),
    ),
)
