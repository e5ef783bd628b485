//! The standard library as data: its `.infra` files and the packed schemas of native kinds, embedded in the binary.
//! Nothing here is code of the compiler: a kind, a platform or a spelling is added in a `.infra` file and listed below.

/// Every file of the library: its path, and its text. Sorted by path.
pub fn files() -> &'static [(&'static str, &'static str)] {
    &[
        ("std/bucket.infra", include_str!("../bucket.infra")),
        ("std/certificate.infra", include_str!("../certificate.infra")),
        ("std/cluster.infra", include_str!("../cluster.infra")),
        ("std/container.infra", include_str!("../container.infra")),
        ("std/database.infra", include_str!("../database.infra")),
        ("std/dns.infra", include_str!("../dns.infra")),
        ("std/firewall.infra", include_str!("../firewall.infra")),
        ("std/load_balancer.infra", include_str!("../load_balancer.infra")),
        ("std/lower.infra", include_str!("../lower.infra")),
        ("std/network.infra", include_str!("../network.infra")),
        ("std/peers.infra", include_str!("../peers.infra")),
        ("std/platforms.infra", include_str!("../platforms.infra")),
        ("std/secret.infra", include_str!("../secret.infra")),
        ("std/security_group.infra", include_str!("../security_group.infra")),
        ("std/server.infra", include_str!("../server.infra")),
        ("std/storage_basics.infra", include_str!("../storage_basics.infra")),
        ("std/team.infra", include_str!("../team.infra")),
        ("std/volume.infra", include_str!("../volume.infra")),
    ]
}

/// Which native resources let connections pass or stop them, and which of their fields say so: JSON, read by `infrac reach`.
pub fn enforcement() -> &'static str {
    include_str!("../enforcement.json")
}

/// Every packed schema: its name (`aws`, `kubernetes`), and its bytes as `infrac schema add` wrote them. Sorted by name.
pub fn schemas() -> &'static [(&'static str, &'static [u8])] {
    &[
        ("aws", include_bytes!("../schemas/aws.pack")),
        ("kubernetes", include_bytes!("../schemas/kubernetes.pack")),
    ]
}
