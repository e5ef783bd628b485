#!/usr/bin/env bash
# Plays the provisioner of volumes: each claim gets a volume of its size, class and access modes, bound to it.
set -euo pipefail

volume_for() {
  jq -c 'select(.type != "DELETED") | .object | select(.kind == "PersistentVolumeClaim" and (.spec.volumeName // "") == "") | {
    apiVersion: "v1", kind: "PersistentVolume", metadata: {name: ("pv-" + .metadata.uid)},
    spec: {
      accessModes: .spec.accessModes, capacity: {storage: .spec.resources.requests.storage},
      storageClassName: (.spec.storageClassName // ""), volumeMode: (.spec.volumeMode // "Filesystem"),
      persistentVolumeReclaimPolicy: "Retain", hostPath: {path: ("/simulated/" + .metadata.uid)},
      claimRef: {apiVersion: "v1", kind: "PersistentVolumeClaim", namespace: .metadata.namespace, name: .metadata.name, uid: .metadata.uid}
    }
  }' --unbuffered
}

# The server ends a watch after some minutes: begin again.
while true; do
  kubectl get persistentvolumeclaims --all-namespaces --watch --output-watch-events --output json | volume_for |
    while read -r volume; do
      kubectl apply --server-side --filename - <<<"$volume" || true
    done || true
  sleep 1
done
