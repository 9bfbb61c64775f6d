# MMS in a container: the service by default, any other command by argument (docker run mms run --seed 7).
# `make image-check` runs these lines without an engine; see "Deploy" in README.md for what was run and what was not.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

# What compiles, with every package.
FROM ${NODE_IMAGE} AS build
WORKDIR /mms
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY kernels ./kernels
COPY src ./src
RUN npm run build && find dist -name '*.map' -delete

# What runs, with the packages of production. No script of a package runs: those with native code carry their binaries,
# which doctor proves by loading them. What only compilers and other systems read is dropped.
FROM ${NODE_IMAGE} AS production
WORKDIR /mms
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts \
  && rm -r node_modules/zeromq/build/darwin node_modules/zeromq/build/win32 \
    node_modules/better-sqlite3/prebuilds/darwin-* node_modules/better-sqlite3/prebuilds/win32-* \
    node_modules/better-sqlite3/deps node_modules/better-sqlite3/src \
  && find node_modules -name '*.map' -delete -o -name '*.d.ts' -delete -o -name '*.d.mts' -delete -o -name '*.d.cts' -delete
COPY LICENSE README.md ./
COPY config ./config
COPY --from=build /mms/dist ./dist
RUN node dist/main.js doctor

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="MMS" \
  org.opencontainers.image.description="Market microstructure simulator as a service" \
  org.opencontainers.image.version="0.1.0" \
  org.opencontainers.image.licenses="MIT"
# HTTP is for other machines here, so the service asks for an API key: mms key create.
ENV NODE_ENV=production \
  MMS_STORE_PATH=/data/mms.db \
  MMS_HTTP_HOST=0.0.0.0
WORKDIR /mms
COPY --from=production /mms ./
RUN mkdir -p /data /keys/server /keys/node /keys/metrics && chown -R 65532:65532 /data /keys
USER 65532:65532
VOLUME /data
EXPOSE 8080 7777
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.MMS_HTTP_PORT ?? 8080) + '/health/ready').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/mms/dist/main.js"]
CMD ["serve"]
