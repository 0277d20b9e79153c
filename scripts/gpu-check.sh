#!/bin/sh
# Whether the engine works on an NVIDIA GPU, and how fast, in ten minutes of one.
#
#   scripts/gpu-check.sh prepare   on any machine like it, with the CUDA toolkit (nvcc) and a network: installs, compiles for
#                                  SOTTO_CUDA_ARCHITECTURES (90: H100, H200; 89: L4, RTX 40; 86: A10, RTX 30; 80: A100; 75: T4)
#                                  and fetches models. About a core-hour; no GPU is needed.
#   scripts/gpu-check.sh run       on the machine with the GPU, without a network: loads the engine, transcribes the
#                                  sample through the whole service on the GPU, and measures the processor beside the GPU.
#                                  The report, a section for bench/RESULTS.md, is in .sotto/gpu-check.md.
#
# Both can be run in the same place, one after the other. Exit codes: 0 done, 1 something failed, 64 called wrongly.
set -eu
cd "$(dirname "$0")/.."
export SOTTO_CUDA=1 SOTTO_CUDA_ARCHITECTURES="${SOTTO_CUDA_ARCHITECTURES:-90}"
report=.sotto/gpu-check.md
step() { printf '\n== %s\n' "$1" >&2; }

prepare() {
  step "Installing and compiling for CUDA architecture $SOTTO_CUDA_ARCHITECTURES"
  node -e "import('./scripts/setup/index.mjs').then((setup) => setup.setUp({ forTests: false, yes: true }))"
  step 'Models'
  for model in base tiny.en; do node apps/cli/bin/sotto.js models install "$model"; done
  step 'A rehearsal, which makes and fetches what the measurements need'
  node --import tsx --conditions=@sotto/source bench/src/engine/main.ts devices --rounds 1 --seconds 11
  step 'Ready for: scripts/gpu-check.sh run'
}

run() {
  mkdir -p .sotto
  step 'The GPU'
  gpu=$(nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader | head -n 1)
  echo "$gpu" >&2
  step 'The engine'
  node -e "import('./packages/whisper/dist/index.js').then(({ engineInfo }) => console.error(engineInfo()))"
  step 'The whole service on the GPU: upload, decoding, transcript'
  home=$(mktemp -d)
  trap 'rm -rf "$home"' EXIT
  SOTTO_HOME="$home" WHISPER_MODEL_DIR="$PWD/data/models" WHISPER_MODEL=base WHISPER_DEVICE=cuda \
    node apps/cli/bin/sotto.js transcribe packages/whisper/node_modules/nodejs-whisper/cpp/whisper.cpp/samples/jfk.mp3
  step 'The processor beside the GPU (some five minutes)'
  node --import tsx --conditions=@sotto/source bench/src/engine/main.ts devices --rounds 3 --seconds 300 --out "$report"
  printf '\nGPU: %s\n' "$gpu" >>"$report"
  step "The report is in $report"
  cat "$report"
}

case "${1:-}" in
  prepare) prepare ;;
  run) run ;;
  *) sed -n '2,/^set -eu/s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
esac
