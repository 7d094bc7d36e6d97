"""What an exercise wants, said once: a sentence for the reader, and how it is seen on the engine.

In layers, and the first layer that fails is the one that is talked about:

0  things      what there is, and whether it runs
1  links       who is attached to what
2  addresses   which addresses, masks, networks
3  routes      the way out
4  reach       who reaches whom, by a ping
5  names       who knows whom by name
6  ports       who listens, who serves, what is published
9  collateral  what must have been left alone
"""
