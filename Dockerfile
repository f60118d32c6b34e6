# The image of any service:  docker build --build-arg SERVICE=gateway -t shop/gateway .
#
# Maven runs inside, so a fresh clone needs only Docker. One run builds all services and does not depend on SERVICE, so the
# seven images share its cached layers. (No RUN --mount, because the classic builder must work, too.)
FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
ENV MAVEN_OPTS=--sun-misc-unsafe-memory-access=allow
ARG SERVICES=payment-sandbox,gateway,order-service,payment-service,notification-service,analytics-service,operations-service
# Libraries have a layer of their own, because they change less often than sources.
COPY pom.xml .
COPY .mvn .mvn
COPY local/pom.xml local/
COPY common/pom.xml common/
COPY balancing/pom.xml balancing/
COPY payment-sandbox/pom.xml payment-sandbox/
COPY gateway/pom.xml gateway/
COPY order-service/pom.xml order-service/
COPY payment-service/pom.xml payment-service/
COPY notification-service/pom.xml notification-service/
COPY analytics-service/pom.xml analytics-service/
COPY operations-service/pom.xml operations-service/
COPY bench/pom.xml bench/
COPY e2e/pom.xml e2e/
RUN mvn -q -B -ntp -pl "$SERVICES" -am compile
COPY . .
RUN mvn -q -B -ntp -pl "$SERVICES" -am -DskipTests package

FROM eclipse-temurin:25-jre AS layers
ARG SERVICE
WORKDIR /work
COPY --from=build /src/${SERVICE}/target/${SERVICE}.jar app.jar
RUN java -Djarmode=tools -jar app.jar extract --layers --destination layers

FROM eclipse-temurin:25-jre
RUN groupadd --gid 10001 shop \
 && useradd --uid 10001 --gid shop --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin shop \
 && install -d -o shop -g shop -m 750 /data
WORKDIR /app
COPY docker/jvm.options docker/ready ./
# The layers that change least often come first.
COPY --from=layers /work/layers/dependencies/ ./
COPY --from=layers /work/layers/spring-boot-loader/ ./
COPY --from=layers /work/layers/snapshot-dependencies/ ./
COPY --from=layers /work/layers/application/ ./
# A training run up to the refreshed Spring context records the AOT cache, which halves the start. The JVM accepts the cache only
# in the same folder and with the same options. The keys are for the two services that do not start without one; no call is made.
RUN PSP_API_KEY=training SANDBOX_API_KEY=training STATE_DIR=/tmp/training SANDBOX_DATA_DIR=/tmp/training \
    java @jvm.options -XX:AOTCacheOutput=app.aot -Dspring.context.exit=onRefresh -jar app.jar >/tmp/training.log 2>&1 && test -s app.aot || \
    { cat /tmp/training.log; echo "The training run of the AOT cache failed." >&2; exit 1; }; \
    rm -rf /tmp/*
# SHOP_BIND: a container has its own loopback interface, so the service listens on all; published ports decide about access.
# JAVA_OPTIONS come last and override jvm.options. MALLOC_ARENA_MAX: fewer malloc arenas leave less memory unused.
ENV PORT=8080 SHOP_BIND=0.0.0.0 STATE_DIR=/data SANDBOX_DATA_DIR=/data JAVA_OPTIONS="" MALLOC_ARENA_MAX=2
# The actuator is on 9080, which is not for clients.
EXPOSE 8080 9080
# By number, so that Kubernetes can verify runAsNonRoot.
USER 10001:10001
ENTRYPOINT ["sh", "-c", "exec java @jvm.options -XX:AOTCache=app.aot $JAVA_OPTIONS -jar app.jar"]
