# One image for each service:  docker build --build-arg SERVICE=gateway -t shop/gateway .
#
# Maven runs inside, so a fresh clone needs Docker and nothing else. One run builds all services and nothing in it
# depends on SERVICE: the seven images share it from the cache. (No RUN --mount: the classic builder must do, too.)
FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
ENV MAVEN_OPTS=--sun-misc-unsafe-memory-access=allow
ARG SERVICES=payment-sandbox,gateway,order-service,payment-service,notification-service,analytics-service,operations-service
# Libraries change more seldom than sources: a layer of their own.
COPY pom.xml .
COPY .mvn .mvn
COPY local/pom.xml local/
COPY common/pom.xml common/
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
# The seldom changed first.
COPY --from=layers /work/layers/dependencies/ ./
COPY --from=layers /work/layers/spring-boot-loader/ ./
COPY --from=layers /work/layers/snapshot-dependencies/ ./
COPY --from=layers /work/layers/application/ ./
# A training run up to the ready context: what the JVM learns halves the start. Same folder, same options, or the cache is refused.
# The keys only let the two services start that refuse to without one; nothing is called.
RUN PSP_API_KEY=training SANDBOX_API_KEY=training STATE_DIR=/tmp/training SANDBOX_DATA_DIR=/tmp/training \
    java @jvm.options -XX:AOTCacheOutput=app.aot -Dspring.context.exit=onRefresh -jar app.jar >/tmp/training.log 2>&1 && test -s app.aot || \
    { cat /tmp/training.log; echo "The training run of the AOT cache failed." >&2; exit 1; }; \
    rm -rf /tmp/*
# PORT and SHOP_BIND: a container has its own loopback, so it listens to its network; what is published decides who gets in.
# JAVA_OPTIONS come last and win over jvm.options. Fewer malloc arenas: less memory that nobody uses.
ENV PORT=8080 SHOP_BIND=0.0.0.0 STATE_DIR=/data SANDBOX_DATA_DIR=/data JAVA_OPTIONS="" MALLOC_ARENA_MAX=2
EXPOSE 8080
# By number, so that Kubernetes can tell that it is not root.
USER 10001:10001
ENTRYPOINT ["sh", "-c", "exec java @jvm.options -XX:AOTCache=app.aot $JAVA_OPTIONS -jar app.jar"]
