"""Tickets of chapter 19 in which the way is open, and not for all traffic: for a protocol, for an amount."""

from __future__ import annotations

from netbook.learn.evidence import HOST
from netbook.learn.exercise import Mistake
from netbook.learn.exercises.services import asks, network, page, told, typed
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import Carries, NotOnHost
from netbook.learn.goals.links import On
from netbook.learn.goals.names import Told
from netbook.learn.goals.ports import Published, Serves
from netbook.learn.goals.things import Replaced, Running
from netbook.learn.ticket import Question, Symptom, Ticket

# No image of the book has a server that speaks UDP; but the engine's own DNS server is in each namespace.
_LEAD = (
    "port=$(netstat -uln | sed -n 's/.*127.0.0.11:\\([0-9]*\\).*/\\1/p'); "
    "iptables -t nat -A PREROUTING -p udp --dport 53 -j DNAT --to 127.0.0.11:$port; exec sleep 99999"
)
_DESK = "127.0.0.1:18593"
_TOLD = Told(HOST, _DESK, "oracle-temple", "oracle-temple")
_BUTTER = Serves("dairy-app", "http://10.101.40.20/big", "butter")


def _oracle(publish: str) -> str:
    return (
        f'lab.run("oracle-dns", "sh", "-c", {_LEAD!r},\n'
        '        image="netbook-iptables", network="oracle", cap_add="NET_ADMIN",\n'
        f'        sysctl={{"net.ipv4.conf.all.route_localnet": 1}}, publish="{publish}")\n'
    )


EXERCISES = (
    Ticket(
        id="19-oracle",
        title="The port is open, and nobody answers there",
        task=(
            "The priest writes: `oracle-dns` tells the names of our network at port 53, and I have published "
            "it at 18593. A connection to that port is made at once. Yet whoever asks there for a name is "
            "refused.\n\n"
            "Make the host be told by 127.0.0.1:18593 that `oracle-temple` has the address of "
            "`oracle-temple`, which runs on, as the container of the start. `oracle-dns` is on `oracle`, "
            "and not on the host's network. Another container of that name will do: `docker inspect` tells "
            "image, capability, sysctl and command."
        ),
        start=network("oracle", 39) + 'lab.run("oracle-temple", network="oracle")\n',
        fault=_oracle("18593:53"),
        symptoms=(
            Symptom(HOST, "timeout 3 nslookup oracle-temple. 127.0.0.1:18593"),
            Symptom("oracle-temple", "timeout 3 nslookup oracle-temple. oracle-dns"),
            Symptom("", "docker port oracle-dns"),
        ),
        words=("refused",),
        cause="the port is published for TCP, and it is asked by UDP",
        why_asked=Question("", "127.0.0.1", "18593/udp", "listens", "publishes port 18593 for TCP only"),
        goals=(
            Running("oracle-temple", same=True),
            Running("oracle-dns"),
            On("oracle-dns", "oracle"),
            _TOLD,
            NotOnHost("oracle-dns"),
        ),
        mistakes=(
            Mistake(
                says="The container is new, and what is published is not: look at the protocol.",
                when=(Replaced("oracle-dns"), Published("oracle-dns", 53, 18593), Not(_TOLD)),
                program='lab.container("oracle-dns").remove()\n' + _oracle("18593:53"),
            ),
            Mistake(
                says="The port has changed, and the protocol has not: nothing that is asked by UDP gets in.",
                when=(Replaced("oracle-dns"), Not(Published("oracle-dns", 53, 18593)), Not(_TOLD)),
                program='lab.container("oracle-dns").remove()\n' + _oracle("18594:53"),
            ),
        ),
        hints=(
            "From inside the network the same question is answered. What is lost at the door?",
            "A published port has an owner, a number, and a third thing, which `docker port` prints, too.",
        ),
        solution='lab.container("oracle-dns").remove()\n' + _oracle("18593:53/udp"),
        alternatives=(
            "!docker rm -f oracle-dns\n"
            "!docker run -d --name oracle-dns --network oracle --cap-add NET_ADMIN "
            "--sysctl net.ipv4.conf.all.route_localnet=1 -p 127.0.0.1:18593:53/udp netbook-iptables "
            f'sh -c "{_LEAD.replace("$", chr(92) + "$").replace(chr(92) * 2, chr(92))}"\n',
        ),
        why=(
            "A port is published for TCP unless its protocol is named, and DNS asks by UDP. At the host's "
            "UDP port 18593 nobody listened, so its kernel refused. (DNS asks by TCP, too, where an answer "
            "is long: who publishes a DNS server publishes both.)"
        ),
        met="the writer of CoreDNS's manual, after some hours: https://github.com/coredns/coredns.io/pull/319",
    ),
    Ticket(
        id="19-dairy",
        title="Slow, and nothing is broken",
        task=(
            "The dairymaid writes: since the load test last night the big page of `dairy-store` takes ages. "
            "The small one comes at once, nothing is refused, and no log says a word.\n\n"
            "Make `dairy-app` get the page `butter` from http://10.101.40.20/big within two seconds. "
            "`dairy-app` and `dairy-store` run on, as the containers of the start. (`dairy-store` has the "
            "program `tc`, and the capability NET_ADMIN.)"
        ),
        start=network("dairy", 40)
        + page(
            "dairy-store",
            "milk",
            'network="dairy", ip="10.101.40.20", image="netbook-iptables", cap_add="NET_ADMIN"',
        )
        + told("dairy-store", "sh -c \"(echo butter; head -c 60000 /dev/zero | tr '\\\\0' 0) > big\"")
        + 'lab.run("dairy-app", network="dairy")\n',
        # typed, for then it fails aloud where the kernel has no such limit
        fault=typed("dairy-store", "tc qdisc add dev eth0 root tbf rate 64kbit burst 1600 limit 6000"),
        symptoms=(
            asks("dairy-app", "http://10.101.40.20/"),
            Symptom("dairy-app", "timeout 1 wget -q -O /dev/null http://10.101.40.20/big"),
        ),
        words=("timed out",),
        cause="a rate limit was left behind at the server's interface",
        why_asked=Question("dairy-app", "@dairy-store", 80, "", "yes. Yet it is slow"),
        goals=(
            Running("dairy-app", same=True),
            Running("dairy-store", same=True),
            _BUTTER,
        ),
        mistakes=(
            Mistake(
                says=(
                    "Smaller packets carry the same bytes. It is not one packet that is too big here, but "
                    "what a second may hold is too little."
                ),
                when=(Not(Carries("dairy-store", "dairy", 1500)), Not(_BUTTER)),
                program=told("dairy-store", "ip link set eth0 mtu 1000"),
            ),
            Mistake(
                says="This store is another container. One limit too many was set in the old one.",
                when=(Replaced("dairy-store"),),
                program='lab.container("dairy-store").remove()\n'
                + page("dairy-store", "milk", 'network="dairy", ip="10.101.40.20"'),
            ),
        ),
        hints=(
            "Does it get slower with the size? Ping with few bytes, and with many.",
            "Who sends the big page, and by which interface? How fast that may send is decided by its "
            "queueing discipline; `tc qdisc show` lists it.",
        ),
        solution=told("dairy-store", "tc qdisc del dev eth0 root"),
        alternatives=(
            typed("dairy-store", "tc qdisc replace dev eth0 root tbf rate 1gbit burst 1mb limit 10mb"),
            "!docker restart -t 0 dairy-store\n",
        ),
        why=(
            "A token bucket at `eth0` let 8 kB pass in a second, whoever asked. Such a limit is in no record "
            "of Docker's; it is the interface's, and goes with it."
        ),
        met=(
            "testers whose tool was killed before it took its limits back: "
            "https://github.com/alexei-led/pumba/issues/147"
        ),
    ),
)
