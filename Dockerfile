# The image of any service:  docker build --build-arg SERVICE=gateway -t shop/gateway .
#
# Maven runs inside, so a fresh clone needs only Docker. One run builds all services, and one training run records their AOT
# caches; neither depends on SERVICE, so the seven images share the cached layers. (No RUN --mount, because the classic builder
# must work, too.)
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
COPY bench/bare-gateway/pom.xml bench/bare-gateway/
COPY e2e/pom.xml e2e/
RUN mvn -q -B -ntp -pl "$SERVICES,local" -am compile
COPY . .
RUN mvn -q -B -ntp -pl "$SERVICES,local" -am -DskipTests package

# Each service is extracted to layers, which the images take over, and once more as a whole, for the training run.
FROM eclipse-temurin:25-jre AS apps
ARG SERVICES="payment-sandbox gateway order-service payment-service notification-service analytics-service operations-service"
COPY --from=build /src /src
COPY docker/jvm.options docker/ready /app/
RUN for service in $SERVICES; do \
      java -Djarmode=tools -jar /src/$service/target/$service.jar extract --layers --destination /layers/$service \
        --application-filename app.jar && \
      mkdir /app/$service && for layer in /layers/$service/*/; do cp -a "$layer." /app/$service; done || exit 1; \
    done

# A platform with real brokers, which works with orders and records each service's AOT cache. The JVM accepts a cache only with
# the same JDK, in the same folder, with the same jars and options.
FROM eclipse-temurin:25-jre AS training
RUN apt-get update && apt-get install -y --no-install-recommends rabbitmq-server && rm -rf /var/lib/apt/lists/*
COPY --from=apps /app /app
COPY --from=build /src/local /training/local
RUN java -Xmx128m -Dshop.root=/training -cp "/training/local/target/classes:/training/local/target/libs/*" \
      shop.local.launch.ContainerTraining /app /training/data || \
    { tail -n 20 /training/data/log/*; echo "The training run of the AOT caches failed." >&2; exit 1; }

FROM eclipse-temurin:25-jre
RUN groupadd --gid 10001 shop \
 && useradd --uid 10001 --gid shop --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin shop \
 && install -d -o shop -g shop -m 750 /data
COPY docker/jvm.options docker/ready /app/
ARG SERVICE
WORKDIR /app/${SERVICE}
# The layers that change least often come first.
COPY --from=apps /layers/${SERVICE}/dependencies/ ./
COPY --from=apps /layers/${SERVICE}/spring-boot-loader/ ./
COPY --from=apps /layers/${SERVICE}/snapshot-dependencies/ ./
COPY --from=apps /layers/${SERVICE}/application/ ./
COPY --from=training /app/${SERVICE}/app.aot ./
# SHOP_BIND: a container has its own loopback interface, so the service listens on all; published ports decide about access.
# JAVA_OPTIONS come last and override jvm.options. MALLOC_ARENA_MAX: fewer malloc arenas leave less memory unused.
ENV PORT=8080 SHOP_BIND=0.0.0.0 STATE_DIR=/data SANDBOX_DATA_DIR=/data JAVA_OPTIONS="" MALLOC_ARENA_MAX=2
# The actuator is on 9080, which is not for clients.
EXPOSE 8080 9080
# By number, so that Kubernetes can verify runAsNonRoot.
USER 10001:10001
ENTRYPOINT ["sh", "-c", "exec java @/app/jvm.options -XX:AOTCache=app.aot $JAVA_OPTIONS -jar app.jar"]
