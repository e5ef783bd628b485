// The linters of manifests that are written in Go.
module infrac.test/linters

go 1.24.0

require (
	github.com/yannh/kubeconform v0.7.0
	github.com/zegl/kube-score v1.20.0
)
