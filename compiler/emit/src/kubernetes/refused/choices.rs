//! Fields of which the Kubernetes documents say only in prose what they take. Kubernetes API reference, "Possible enum values".

const ALWAYS_TO_NEVER: &[&str] = &["Always", "IfNotPresent", "Never"];
const PROTOCOLS: &[&str] = &["TCP", "UDP", "SCTP"];

/// What a field takes, by the kind of its object, what it stands in, and its name; none where that is open or not known.
pub fn taken(kind: &str, above: &str, field: &str) -> Option<&'static [&'static str]> {
    Some(match (kind, above, field) {
        (_, _, "imagePullPolicy") => ALWAYS_TO_NEVER,
        (_, _, "terminationMessagePolicy") => &["File", "FallbackToLogsOnError"],
        (_, _, "dnsPolicy") => &["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"],
        (_, _, "whenUnsatisfiable") => &["DoNotSchedule", "ScheduleAnyway"],
        (
            "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" | "CronJob" | "Pod",
            "spec",
            "restartPolicy",
        ) => &["Always", "OnFailure", "Never"],
        ("CronJob", "spec", "concurrencyPolicy") => &["Allow", "Forbid", "Replace"],
        ("Deployment", "strategy", "type") => &["Recreate", "RollingUpdate"],
        ("StatefulSet" | "DaemonSet", "updateStrategy", "type") => &["OnDelete", "RollingUpdate"],
        ("StatefulSet", "spec", "podManagementPolicy") => &["OrderedReady", "Parallel"],
        ("Service", "spec", "type") => &["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"],
        ("Service", "spec", "externalTrafficPolicy" | "internalTrafficPolicy") => &["Cluster", "Local"],
        ("Service", "spec", "sessionAffinity") => &["ClientIP", "None"],
        ("Ingress", _, "pathType") => &["Exact", "ImplementationSpecific", "Prefix"],
        ("Service" | "NetworkPolicy", _, "protocol") => PROTOCOLS,
        ("Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" | "CronJob" | "Pod", _, "protocol") => {
            PROTOCOLS
        }
        ("PersistentVolume", "spec", "persistentVolumeReclaimPolicy") => &["Delete", "Recycle", "Retain"],
        (_, _, "volumeBindingMode") => &["Immediate", "WaitForFirstConsumer"],
        _ => return None,
    })
}
