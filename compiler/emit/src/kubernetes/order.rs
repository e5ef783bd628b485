//! The order in which kinds are applied: what others need to exist stands first, what closes a way stands before what would use it.

const ORDER: [&str; 28] = [
    "Namespace",
    "CustomResourceDefinition",
    "StorageClass",
    "PriorityClass",
    "ResourceQuota",
    "LimitRange",
    "ServiceAccount",
    "ClusterRole",
    "Role",
    "ClusterRoleBinding",
    "RoleBinding",
    "ConfigMap",
    "Secret",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Service",
    "NetworkPolicy",
    // Kinds that are not listed stand here.
    "",
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "Pod",
    "Job",
    "CronJob",
    "PodDisruptionBudget",
    "HorizontalPodAutoscaler",
    "Ingress",
    "ValidatingWebhookConfiguration",
];

/// The position of a kind in the order.
pub fn rank(kind: &str) -> usize {
    let at = |wanted: &str| ORDER.iter().position(|kind| *kind == wanted);
    at(kind).or_else(|| at("")).unwrap_or(ORDER.len())
}
