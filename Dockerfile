# syntax=docker/dockerfile:1
# Both services from one file: docker build --build-arg SERVICE=command-service (or query-service) .
FROM maven:3.9.11-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
# What Maven has fetched stays for the next build.
# The commit, which the service tells of itself; the sources are copied without their repository.
ARG COMMIT=unknown
RUN --mount=type=cache,target=/root/.m2 \
  mvn -B -q -DskipTests -Dgit.commit.id.abbrev="${COMMIT}" -pl command-service,query-service -am package
ARG SERVICE
# Layers, from what changes least to what changes most.
RUN java -Djarmode=tools -jar "${SERVICE}"/target/"${SERVICE}"-*.jar extract --layers --launcher --destination /app

FROM eclipse-temurin:25.0.4_7-jre-noble
ARG SERVICE
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin ledger \
  && install -d -o 10001 -g 10001 -m 0750 /data
WORKDIR /app
COPY --from=build /app/dependencies/ ./
COPY --from=build /app/spring-boot-loader/ ./
COPY --from=build /app/snapshot-dependencies/ ./
COPY --from=build /app/application/ ./
USER 10001:10001
ENV SERVICE=${SERVICE} ISSUE_LEDGER_BIND=0.0.0.0 ISSUE_LEDGER_DATA_DIR=/data
# The embedded log and its views; both services may share one volume on one machine. Unused on MongoDB.
VOLUME /data
EXPOSE 8080 8081
# The two services listen on one port each; whichever this is answers.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=6 \
  CMD ["/bin/bash", "-c", "port=${ISSUE_LEDGER_COMMAND_PORT:-8080}; [ \"$SERVICE\" = query-service ] && port=${ISSUE_LEDGER_QUERY_PORT:-8081}; exec 3<>/dev/tcp/127.0.0.1/$port && printf 'GET /actuator/health/readiness HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200'"]
ENTRYPOINT ["java", "-XX:+ExitOnOutOfMemoryError", "-XX:MaxRAMPercentage=70", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "org.springframework.boot.loader.launch.JarLauncher"]
