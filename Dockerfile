# MMS in a container: the service by default, any other command by argument (docker run mms run --seed 7).
# Built and checked statically by the project so far; say so in an issue if a step fails on your engine.
FROM node:24-bookworm-slim AS build
WORKDIR /mms
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY kernels ./kernels
COPY src ./src
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
ENV NODE_ENV=production MMS_STORE_PATH=/data/mms.db
WORKDIR /mms
COPY --from=build /mms/node_modules ./node_modules
COPY --from=build /mms/dist ./dist
COPY package.json LICENSE README.md ./
COPY config ./config
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080 7777
HEALTHCHECK --interval=10s --timeout=3s CMD ["node", "-e", "fetch('http://127.0.0.1:8080/health/ready').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
ENTRYPOINT ["node", "dist/main.js"]
CMD ["serve"]
