// kwok, which plays the nodes: the containers' processes are simulated, everything else of a cluster is real.
module infrac.test/kwok

go 1.24.0

require sigs.k8s.io/kwok v0.7.0
