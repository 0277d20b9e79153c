# One build, five images. Each is made of the same stages:
#   docker build -t sotto .                          everything in one: docker run -p 8000:8000 sotto
#   docker build --target api -t sotto-api .         the API
#   docker build --target web -t sotto-web .          the page by itself
#   docker build --target worker -t sotto-worker .   a worker (x86-64-v3 or ARM processors)
#   docker build --target worker-cuda -t sotto-worker-cuda .   a worker for NVIDIA's GPUs
# Binaries in them are portable: built for the family of processors, not for the builder's own. docs/images.md says more.

ARG NODE_VERSION=22

FROM node:${NODE_VERSION}-bookworm-slim AS base

# Everything needed to build; none of it reaches an image that runs.
FROM base AS toolchain
ENV CI=true
RUN sed -i 's/^Types: deb$/Types: deb deb-src/' /etc/apt/sources.list.d/*.sources \
  && apt-get update && apt-get install --yes --no-install-recommends \
    ca-certificates cmake dpkg-dev g++ git libmp3lame-dev libopus-dev make nasm ninja-build pkg-config python3 xz-utils zlib1g-dev \
  && rm -rf /var/lib/apt/lists/*

# Debian's ffmpeg, without the 475 MB of libraries that decoding sound, and encoding what is spoken, does not need.
FROM toolchain AS ffmpeg
COPY scripts/images/ffmpeg.sh /tmp/
RUN apt-get update && sh /tmp/ffmpeg.sh /usr/local/bin/ffmpeg && rm -rf /var/lib/apt/lists/*

FROM toolchain AS build
WORKDIR /sotto
COPY pnpm-lock.yaml pnpm-workspace.yaml package.json turbo.json tsconfig.base.json ./
COPY scripts/setup scripts/setup
COPY scripts/images/build.mjs scripts/images/
COPY apps apps
COPY packages packages
RUN node scripts/images/build.mjs

FROM build AS native
ENV SOTTO_PORTABLE=1 SOTTO_CACHE_DIR=/tmp/sotto-cache
RUN node packages/whisper/scripts/build-native.mjs

# deploy.mjs loads the engine from what it wrote: an image without one cannot be made.
FROM build AS api-files
COPY scripts/images/deploy.mjs scripts/images/check-engine.mjs scripts/images/
RUN node scripts/images/deploy.mjs api /out

FROM build AS web-files
COPY scripts/images/deploy.mjs scripts/images/check-engine.mjs scripts/images/
RUN node scripts/images/deploy.mjs web /out

FROM native AS worker-files
COPY scripts/images/deploy.mjs scripts/images/check-engine.mjs scripts/images/
RUN node scripts/images/deploy.mjs worker /out

FROM native AS all-in-one-files
COPY scripts/images/deploy.mjs scripts/images/check-engine.mjs scripts/images/
RUN node scripts/images/deploy.mjs all-in-one /out

# Debian and node, without npm, documentation and the caches of package managers.
FROM base AS slim
RUN apt-get update && apt-get install --yes --no-install-recommends tini \
  && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* /root/.npm /root/.npmrc /opt/yarn* \
    /usr/local/lib/node_modules /usr/local/include /usr/local/share/doc /usr/local/share/man /usr/local/bin/npm \
    /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn* /usr/share/man /usr/share/info /usr/share/locale \
  && find /usr/share/doc -type f ! -name copyright -delete \
  && mkdir -p /data /models && chown node:node /data /models

# One layer of what is left of it, which all images share.
FROM scratch AS runtime
COPY --from=slim / /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin NODE_ENV=production
LABEL org.opencontainers.image.title=Sotto org.opencontainers.image.licenses=MIT \
  org.opencontainers.image.description="Turns recordings into text on machines you own" dev.sotto.sbom=/sotto/sbom.cdx.json
WORKDIR /sotto
ENTRYPOINT ["/usr/bin/tini", "--"]

FROM runtime AS api
COPY --from=ffmpeg /usr/local/bin/ffmpeg /usr/local/bin/ffmpeg
COPY --from=api-files /out /sotto
COPY scripts/images/sbom.mjs scripts/images/healthy.mjs /usr/local/lib/sotto/
RUN node /usr/local/lib/sotto/sbom.mjs api /sotto
ENV HOST=0.0.0.0 PORT=8000 TEMP_DIR=/data/blobs AUDIT_LOG_FILE=/data/audit/audit.jsonl WHISPER_MODEL_DIR=/models
USER node
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["node", "/usr/local/lib/sotto/healthy.mjs", "PORT", "8000"]
CMD ["node", "dist/main.js"]

FROM runtime AS web
COPY --from=web-files /out /sotto
COPY scripts/images/sbom.mjs scripts/images/healthy.mjs /usr/local/lib/sotto/
RUN node /usr/local/lib/sotto/sbom.mjs web /sotto
ENV HOST=0.0.0.0 PORT=8080
USER node
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["node", "/usr/local/lib/sotto/healthy.mjs", "PORT", "8080"]
CMD ["node", "dist/main.js"]

# python3-pip: the way to a model where only package registries can be reached. espeak-ng: speaks all languages, as a program
# of its own.
FROM runtime AS media
RUN apt-get update && apt-get install --yes --no-install-recommends espeak-ng libgomp1 python3 python3-pip \
  && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* /usr/share/man /usr/share/locale \
  && find /usr/share/doc -type f ! -name copyright -delete && find /usr -name __pycache__ -prune -exec rm -rf {} +
COPY --from=ffmpeg /usr/local/bin/ffmpeg /usr/local/bin/ffmpeg
COPY scripts/images/sbom.mjs scripts/images/healthy.mjs /usr/local/lib/sotto/
ENV WHISPER_DEVICE=cpu GOMP_SPINCOUNT=1000 PYTHONDONTWRITEBYTECODE=1

FROM media AS worker
COPY --from=worker-files /out /sotto
RUN node /usr/local/lib/sotto/sbom.mjs worker /sotto
ENV TEMP_DIR=/data/blobs WHISPER_MODEL_DIR=/models WORKER_HEALTH_HOST=0.0.0.0 METRICS_PORT=9090
USER node
EXPOSE 9090
# Alive, not ready: a first start may download its model.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["node", "/usr/local/lib/sotto/healthy.mjs", "METRICS_PORT", "9090"]
CMD ["node", "dist/main.js"]

# Redis, the API and a worker, kept running by `sotto up`. Everything it keeps is in /data.
FROM media AS all-in-one
RUN apt-get update && apt-get install --yes --no-install-recommends redis-server \
  && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* /usr/share/man \
  && find /usr/share/doc -type f ! -name copyright -delete
COPY --from=all-in-one-files /out /sotto
RUN node /usr/local/lib/sotto/sbom.mjs all-in-one /sotto && ln -s /sotto/bin/sotto.js /usr/local/bin/sotto
ENV SOTTO_HOME=/data HOST=0.0.0.0 PORT=8000 TEMP_DIR=/data/blobs AUDIT_LOG_FILE=/data/audit/audit.jsonl WHISPER_MODEL_DIR=/data/models
USER node
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s CMD ["node", "/usr/local/lib/sotto/healthy.mjs", "PORT", "8000"]
CMD ["sotto", "up"]

# The same sources against CUDA. Compiling takes about a core-hour for each architecture: build it once, in CI.
FROM nvidia/cuda:12.6.3-devel-ubuntu24.04 AS cuda-native
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates cmake curl g++ git make ninja-build xz-utils \
  && rm -rf /var/lib/apt/lists/*
COPY --from=build /usr/local /usr/local
COPY --from=build /sotto /sotto
WORKDIR /sotto
COPY scripts/images/deploy.mjs scripts/images/check-engine.mjs scripts/images/
ARG SOTTO_CUDA_ARCHITECTURES="75;80;86;90"
ENV SOTTO_CUDA=1 SOTTO_PORTABLE=1 SOTTO_CUDA_ARCHITECTURES=${SOTTO_CUDA_ARCHITECTURES} SOTTO_CACHE_DIR=/tmp/sotto-cache CI=true
# The stub of the driver's library stands in for the driver, which no builder has: the engine must load with it.
RUN node packages/whisper/scripts/build-native.mjs \
  && ln -s libcuda.so /usr/local/cuda/lib64/stubs/libcuda.so.1 \
  && LD_LIBRARY_PATH=/usr/local/cuda/lib64/stubs node scripts/images/deploy.mjs worker /out

FROM nvidia/cuda:12.6.3-runtime-ubuntu24.04 AS worker-cuda
RUN apt-get update && apt-get install --yes --no-install-recommends espeak-ng libgomp1 python3 python3-pip tini \
  && rm -rf /var/lib/apt/lists/* && mkdir -p /data /models && chown 1000:1000 /data /models
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=ffmpeg /usr/local/bin/ffmpeg /usr/local/bin/ffmpeg
COPY --from=cuda-native /out /sotto
COPY scripts/images/sbom.mjs scripts/images/healthy.mjs /usr/local/lib/sotto/
RUN node /usr/local/lib/sotto/sbom.mjs worker-cuda /sotto
WORKDIR /sotto
LABEL org.opencontainers.image.title=Sotto org.opencontainers.image.licenses=MIT dev.sotto.sbom=/sotto/sbom.cdx.json
ENV NODE_ENV=production TEMP_DIR=/data/blobs WHISPER_MODEL_DIR=/models WHISPER_DEVICE=cuda WHISPER_COMPUTE_TYPE=float16 \
  WORKER_HEALTH_HOST=0.0.0.0 METRICS_PORT=9090
USER 1000
EXPOSE 9090
ENTRYPOINT ["/usr/bin/tini", "--"]
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["node", "/usr/local/lib/sotto/healthy.mjs", "METRICS_PORT", "9090"]
CMD ["node", "dist/main.js"]

# What `docker build .` makes: the last stage.
FROM all-in-one
