"""Exercises of chapter 12, names in depth: who knows whom by which name, and why not."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.base import Not
from netbook.learn.goals.links import NotOn, On, OnlyOn
from netbook.learn.goals.names import Answers, NotInHosts, Resolves
from netbook.learn.goals.things import Running

EXERCISES = (
    Exercise(
        id="12-flushed",
        title="After the clean-up",
        task=(
            "`mail_app` and `mail_db` are on the network `mailnet`. Somebody has cleaned up the firewall in "
            "`mail_app`'s network namespace, and since then it finds nobody by name.\n\n"
            "Mend it: in `mail_app`, the name `mail_db` leads to `mail_db` again, by DNS and not by a line "
            "in `/etc/hosts`. Both are the containers of the start, and `mail_app` is on `mailnet` and "
            "nowhere else."
        ),
        start="""\
lab.create_network("mailnet", subnet="10.93.11.0/24")
lab.run("mail_db", network="mailnet")
lab.run("mail_app", network="mailnet", dns_option="ndots:1", dns_search=".")
helper = lab.run("mail_cleaner", "iptables", "-t", "nat", "-F", image="netbook-iptables",
                 network="container:mail_app", cap_add=["NET_ADMIN", "NET_RAW"])
helper.wait()
helper.remove()
""",
        goals=(
            Running("mail_app", same=True),
            Running("mail_db", same=True),
            OnlyOn("mail_app", ("mailnet",)),
            NotInHosts("mail_app", "mail_db"),
            Resolves("mail_app", "mail_db", to="mail_db"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "A line in /etc/hosts answers before anybody is asked, and will go on to do so when "
                    "mail_db has another address. The DNS server is as deaf as before."
                ),
                when=(Not(NotInHosts("mail_app", "mail_db")),),
                program="""\
lab.container("mail_app").exec("sh", "-c", "echo 10.93.11.2 mail_db >> /etc/hosts")
""",
                mended=True,
            ),
            Mistake(
                says=(
                    "This is another container, with another namespace and new rules in it. The name works, "
                    "and what the old mail_app held is lost."
                ),
                when=(Running("mail_app"), Not(Running("mail_app", same=True))),
                program="""\
lab.run("mail_app", network="mailnet")
""",
            ),
            Mistake(
                says=(
                    "One cable more, and the same namespace: its rules are still missing. The engine writes "
                    "them when the namespace is made, not when a network is joined."
                ),
                when=(Running("mail_app", same=True), On("mail_app", "bridge")),
                program="""\
lab.network("bridge").connect(lab.container("mail_app"))
""",
            ),
        ),
        hints=(
            "The server is there, and its door is not. Which rules made the door?",
            "When does the engine write them: when a network is joined, or when a namespace is made?",
            "How does a container get a new network namespace, without becoming another container?",
        ),
        solution="""\
lab.container("mail_app").restart()
""",
        alternatives=(
            """\
!docker restart -t 0 mail_app
""",
            """\
lab.container("mail_app").stop()
lab.container("mail_app").start()
""",
        ),
        why=(
            "The rules of 127.0.0.11 are written once for each network namespace. A restart makes a new one, "
            "and so the rules are there again; nothing less does."
        ),
        met=(
            "users who started a firewall service inside a container, which flushed these rules: "
            "https://github.com/moby/moby/issues/35095"
        ),
    ),
    Exercise(
        id="12-versions",
        title="One name, two versions",
        task=(
            "`till` asks for `price`, and two containers bear that alias on the network `tills`: `price_v1`, "
            "which is outdated, and `price_v2`.\n\n"
            "From now on, DNS answers `price` with `price_v2` and nobody else. But `price_v1` is still "
            "needed for comparisons: it runs on, is on `tills`, and is found there by its own name. All "
            "three are the containers of the start."
        ),
        start="""\
lab.create_network("tills", subnet="10.93.12.0/24")
lab.run("till", network="tills", dns_option="ndots:1", dns_search=".")
lab.run("price_v1", network="tills", alias="price")
lab.run("price_v2", network="tills", alias="price")
""",
        goals=(
            Running("till", same=True),
            Running("price_v1", same=True),
            Running("price_v2", same=True),
            OnlyOn("price_v1", ("tills",)),
            OnlyOn("price_v2", ("tills",)),
            Answers("till", "price", ("price_v2",)),
            Resolves("till", "price_v1", to="price_v1"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "price_v1 does not run any more. That took its alias away, and with it the container "
                    "that is still needed."
                ),
                when=(Not(Running("price_v1")),),
                program="""\
lab.container("price_v1").stop()
""",
            ),
            Mistake(
                says=(
                    "price_v1 is off the network, and all its names there are gone, its own among them. It "
                    "was to lose one of two."
                ),
                when=(Running("price_v1", same=True), NotOn("price_v1", "tills")),
                program="""\
lab.network("tills").disconnect(lab.container("price_v1"))
""",
            ),
            Mistake(
                says=(
                    "The name is left with the outdated one: it was price_v1 that was to give it up. When "
                    "two bear a name, neither is before the other."
                ),
                when=(Answers("till", "price", ("price_v1",)),),
                program="""\
lab.network("tills").disconnect(lab.container("price_v2"))
""",
            ),
            Mistake(
                says=(
                    "This price_v1 was made anew. An alias belongs to the cable, not to the container: it "
                    "can be changed while the container runs."
                ),
                when=(Running("price_v1"), Not(Running("price_v1", same=True))),
                program="""\
lab.run("price_v1", network="tills")
""",
            ),
        ),
        hints=(
            "To what does an alias belong: to a container, to a network, or to the cable between the two?",
            "An alias is said when the cable is plugged in. And if a cable has the wrong one?",
        ),
        solution="""\
tills, old = lab.network("tills"), lab.container("price_v1")
tills.disconnect(old)
tills.connect(old)
""",
        alternatives=(
            """\
!docker network disconnect tills price_v1
!docker network connect tills price_v1
""",
        ),
        why=(
            "An alias belongs to an endpoint, the cable between container and network. Unplug it, and plug "
            "it in without the alias: the name is gone, and nothing was restarted."
        ),
        met=(
            "users whose two projects had one alias on a shared network: "
            "https://github.com/moby/moby/issues/43016"
        ),
    ),
)
