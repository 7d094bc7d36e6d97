"""Exercises of chapter 06, links and what replaced them."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import Untouched
from netbook.learn.goals.links import On, OnlyOn, Unlinked
from netbook.learn.goals.names import NotResolves, Resolves
from netbook.learn.goals.things import Running

EXERCISES = (
    Exercise(
        id="06-script",
        title="The script of 2015",
        task=(
            "An old script starts a database `stock`, and an application `desk` with `--link stock:goods`. "
            "Last night `stock` was updated: removed, and made anew. Since then every command in `desk` is "
            "refused.\n\n"
            "Mend it for good. The network `trade` is there already, with `scale` on it, which is left as it "
            "is. `stock` and `desk` shall be on `trade` and nowhere else, and `desk` has no link. In `desk` "
            "and in `scale`, the name `goods` leads to `stock`. The new `stock` holds data already: it runs "
            "on, and stays the container that it is. `desk` runs, and may be made anew."
        ),
        start="""\
lab.create_network("trade", subnet="10.73.1.0/24")
lab.run("scale", network="trade")
lab.run("stock")
lab.run("desk", link="stock:goods")
lab.run("stock")
""",
        goals=(
            Running("stock", same=True),
            Running("desk"),
            Unlinked("desk"),
            OnlyOn("stock", ("trade",)),
            OnlyOn("desk", ("trade",)),
            Resolves("desk", "goods", to="stock"),
            Resolves("scale", "goods", to="stock"),
            Untouched("scale", ("trade",)),
        ),
        mistakes=(
            Mistake(
                says=(
                    "desk has a second cable, and its old link: that was written down when desk was made, "
                    "and leads to a container that is gone. Only a new desk is without it."
                ),
                when=(On("desk", "trade"), Not(OnlyOn("desk", ("trade",))), Not(Unlinked("desk"))),
                program="""\
trade = lab.network("trade")
trade.connect(lab.container("stock"), alias="goods")
trade.connect(lab.container("desk"))
""",
            ),
            Mistake(
                says=(
                    "On a network of your own a link is still taken: as a private alias, which desk alone "
                    "knows. scale does not: a name for all belongs to stock, who bears it."
                ),
                when=(OnlyOn("desk", ("trade",)), Not(Unlinked("desk"))),
                program="""\
trade = lab.network("trade")
trade.connect(lab.container("stock"))
lab.network("bridge").disconnect(lab.container("stock"))
lab.run("desk", network=trade, link="stock:goods")
""",
            ),
            Mistake(
                says="This is another stock: the data of the one that ran here went with it.",
                when=(Running("stock"), Not(Running("stock", same=True))),
                program="""\
trade = lab.network("trade")
lab.run("stock", network=trade, alias="goods")
lab.run("desk", network=trade)
""",
            ),
            Mistake(
                says=(
                    "desk finds stock by its name, and nobody on trade is called goods: the link gave that "
                    "second name, and the link is gone."
                ),
                when=(
                    OnlyOn("stock", ("trade",)),
                    OnlyOn("desk", ("trade",)),
                    NotResolves("desk", "goods"),
                ),
                program="""\
trade = lab.network("trade")
trade.connect(lab.container("stock"))
lab.network("bridge").disconnect(lab.container("stock"))
lab.run("desk", network=trade)
""",
            ),
        ),
        hints=(
            "Which of the two has to be made anew, and which can change its networks while it runs?",
            "The second name is an alias. Whose is it: of the one who calls, or of the one who is called?",
            "A container leaves the default bridge as it leaves any other network.",
        ),
        solution="""\
trade = lab.network("trade")
stock = lab.container("stock")
trade.connect(stock, alias="goods")
lab.network("bridge").disconnect(stock)
lab.run("desk", network=trade)
""",
        alternatives=(
            """\
!docker network connect --alias goods trade stock
!docker network disconnect bridge stock
!docker rm -f desk
!docker run -di --name desk --network trade busybox
""",
        ),
        why=(
            "A link is kept in the receiver and leads to one container, by id. On a network of your own the "
            "names are kept by the network: whoever comes next under a name is found."
        ),
    ),
)
