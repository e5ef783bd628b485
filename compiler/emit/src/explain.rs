//! What the emitters' messages mean, at length: `infrac explain CODE`.

/// Code and explanation, sorted by code.
pub const EXPLANATIONS: &[(&str, &str)] = &[
    (
        "kubernetes_to_terraform",
        "kubernetes_to_terraform: a value of the cluster would have to go to Terraform

Terraform is applied first and Kubernetes after it. A value that only the cluster can decide (a load balancer's address, a
cluster IP) is not there when Terraform runs, so no argument, provider or output of Terraform can hold it. The same is true of
`@after`: a resource of Terraform cannot wait for an object of Kubernetes.

Give the value to both ends from one `let`, or turn the direction around: let Terraform make the address and hand it to the
cluster.
",
    ),
    (
        "later_in_kubernetes",
        "later_in_kubernetes: a manifest needs what the cluster decides

Manifests are applied together. What the cluster decides while it applies one of them cannot stand in another.

Use what is known before: the name of an object, the DNS name of a service (`api.shop-prod.svc`), a fixed port.
",
    ),
    (
        "missing_name",
        "missing_name: a Kubernetes object has no name

Server-side apply finds an object by its name, so `metadata.name` must be there and known to the compiler.

Set `metadata { name = \"…\" }` on the native object.
",
    ),
    (
        "not_lowered",
        "not_lowered: a value has no spelling in the target

Sizes, durations and the like are spelt differently by each target. Where the target's schema does not say how, or where such a
value is joined into a text that is known only later, its form has to be said: `.in(GiB)`, `.text`.
",
    ),
    (
        "reserved_output",
        "reserved_output: an output has the name of the hand-over

What Terraform knows only after its apply and Kubernetes needs is handed over in an output of Terraform called `kubernetes`
(`kubernetes_NAME` where there are several clusters). An output of the project cannot have this name.
",
    ),
];
