#!/bin/sh
# Puts a version into a cluster. The release `sotto` holds Redis and the volumes; `next` is a second one beside it, which
# uses them.
#   scripts/deploy.sh rolling|canary|blue-green|promote|undo ENVIRONMENT VERSION
#   NAMESPACE, PREFIX (of images), WEIGHT (percent for a canary); DRY_RUN=1 prints what would be run
set -eu
way=$1 environment=$2 version=$3
namespace=${NAMESPACE:-sotto}
values=k8s/overlays/$environment/values.yaml
weight=${WEIGHT:-10}
canary=nginx\\.ingress\\.kubernetes\\.io/canary

if [ ! -f "$values" ]; then echo "There is no $values." >&2; exit 2; fi

run() {
  if [ -n "${DRY_RUN:-}" ]; then echo "$*"; else "$@"; fi
}

# install RELEASE [MORE...]: waits until all of its pods are ready, or goes back.
install() {
  release=$1
  shift
  run helm upgrade --install "$release" k8s/chart --namespace "$namespace" --values "$values" \
    --set-string "image.tag=$version,image.prefix=${PREFIX:-}" "$@" --atomic --wait --timeout 20m
}

# Beside the first release: on its Redis and its volumes, found where those are.
beside() {
  install next --set "redis.of=sotto-redis,postgres.of=sotto-postgres,storage.claims.recordings=sotto-recordings,storage.claims.models=sotto-models" "$@"
}

remove() { run helm uninstall next --namespace "$namespace" --ignore-not-found --wait; }

case $way in
  rolling) install sotto ;;
  canary)
    beside --set-string "ingress.annotations.$canary=true,ingress.annotations.$canary-weight=$weight"
    ;;
  blue-green)
    beside --set ingress.enabled=false --set-string api.trustProxy=1
    run helm upgrade sotto k8s/chart --namespace "$namespace" --reset-then-reuse-values --set ingress.service=next-sotto-api,ingress.webService=next-sotto-web --wait
    ;;
  promote)
    install sotto --set ingress.service=,ingress.webService=
    remove
    ;;
  undo)
    run helm upgrade sotto k8s/chart --namespace "$namespace" --reset-then-reuse-values --set ingress.service=,ingress.webService= --wait
    remove
    ;;
  *)
    echo "Not a way to deploy: $way" >&2
    exit 2
    ;;
esac
