# The images, one target each: docker build --target user-svc -t todo-manager/user-svc:1.0.0 .
FROM docker.io/library/eclipse-temurin:25-jdk AS jdk

# A Java of the parts that the services use, and its tools for profiling, with options of its own:
# - The heap follows the container's memory: 21 % of a limit of 192 MiB, 60 % of a GiB. It begins with
#   21 %, or it would collect 51 times in the first 6,000 requests instead of 9.
# - The serial collector is made for little memory and few processors.
# - What the compilers needed for a moment is given back every 5 s: with it todo-svc and user-svc had
#   106 and 100 MiB resident after two minutes of load, without 132 and 120.
# - The service goes before its compilers (nice 4), so that its first answer takes 702 ms instead of 839
#   on one processor, for full speed after 30 s of load instead of 20. Here Java does not warn that this
#   is root's, though to lower a priority is anybody's.
FROM jdk AS java
RUN jlink --output /java --strip-debug --no-header-files --no-man-pages --add-modules \
    java.base,java.logging,java.management,java.naming,java.net.http,java.sql,jdk.jartool,jdk.jcmd,jdk.jfr,jdk.management,jdk.unsupported \
    --add-options="-XX:+UseSerialGC -XX:InitialRAMPercentage=21 -XX:MinRAMPercentage=21 -XX:MaxRAMPercentage=60 -XX:TrimNativeHeapInterval=5000 -XX:ThreadPriorityPolicy=1 -XX:CompilerThreadPriority=4"

FROM jdk AS source
# mvnw compares the sum of the zip.
RUN apt-get update -qq && apt-get install -qq --yes --no-install-recommends unzip >/dev/null
WORKDIR /source
COPY mvnw pom.xml ./
COPY .mvn .mvn
COPY service-kit service-kit
COPY system-tests/pom.xml system-tests/
COPY test-kit/pom.xml test-kit/
COPY todo-svc/pom.xml todo-svc/
COPY user-svc/pom.xml user-svc/

FROM source AS todo-svc-jar
COPY todo-svc todo-svc
RUN --mount=type=cache,target=/root/.m2,sharing=locked \
    ./mvnw --batch-mode --quiet -Dquick --projects todo-svc --also-make package

FROM source AS user-svc-jar
COPY user-svc user-svc
RUN --mount=type=cache,target=/root/.m2,sharing=locked \
    ./mvnw --batch-mode --quiet -Dquick --projects user-svc --also-make package

# Each kind of request trains the AOT cache, the usual ones most: with 2,000 of each kind, errors too, a
# warm request cost 1.04 to 1.12 as much. It is made where the jar is: with another jar's, Java would
# run that one's code. It is all that differs in content between two builds of a commit.
# With a heap of a pod's size, as the cache fits heaps of less than 32 GB only where it is made in one.
# Without adapters, of which Java 25 warns at each start that it can't link them all. With profiles
# (-XX:+AOTRecordTraining is the default): the first answer takes a tenth longer, a warm request some
# 5 %, but under load from the start the 90th percentile is half of what it is without.
FROM java AS todo-svc-trained
WORKDIR /app
COPY --from=todo-svc-jar /source/todo-svc/target/libs libs
COPY --from=todo-svc-jar /source/todo-svc/target/todo-svc.jar /source/todo-svc/target/sbom.json ./
COPY database/todo.json database/
RUN /java/bin/java -XX:AOTCacheOutput=todo-svc.aot -Xmx40m \
      -XX:+UnlockDiagnosticVMOptions -XX:-AOTAdapterCaching -jar todo-svc.jar & svc=$!; \
    curl --silent --fail --retry 60 --retry-delay 1 --retry-connrefused localhost:5001/lists/aniket && \
    curl --silent --fail-early "localhost:5001{/lists?,/lists?limit=1&,/lists/aniket?}[1-4000]" \
        "localhost:5001{/?,/openapi?,/lists/nobody?,/nope?}[1-50]" \
        "localhost:9001/observe{/health/started,/health/ready,/health/live,/metrics}?[1-20]" >/dev/null && \
    curl --silent --fail-early --header 'Content-Type: application/json' --data '{"title": "Train"}' \
        "localhost:5001/lists/aniket/train/items?[1-200]" >/dev/null && \
    curl --silent --fail-early "localhost:5001/lists/aniket{?view=items&,/train/items?}[1-50]" >/dev/null && \
    kill $svc && { wait $svc || [ $? = 143 ]; } && rm -r database

FROM java AS user-svc-trained
WORKDIR /app
COPY --from=todo-svc-jar /source/todo-svc/target/libs /todo-svc/libs
COPY --from=todo-svc-jar /source/todo-svc/target/todo-svc.jar /todo-svc/
COPY --from=user-svc-jar /source/user-svc/target/libs libs
COPY --from=user-svc-jar /source/user-svc/target/user-svc.jar /source/user-svc/target/sbom.json ./
COPY database/todo.json database/users.json database/
RUN /java/bin/java -jar /todo-svc/todo-svc.jar & todo=$!; \
    /java/bin/java -XX:AOTCacheOutput=user-svc.aot -Xmx40m \
      -XX:+UnlockDiagnosticVMOptions -XX:-AOTAdapterCaching -jar user-svc.jar & svc=$!; \
    curl --silent --retry 60 --retry-delay 1 --retry-connrefused localhost:5000 localhost:5001 && \
    curl --silent --fail --retry 10 --retry-delay 1 localhost:5000/users/aniket/lists && \
    curl --silent --fail-early "localhost:5000{/users?,/users?limit=1&,/users/aniket?,/users/aniket/lists?,/users/luckas/lists?}[1-4000]" \
        "localhost:5000{/?,/openapi?,/users/nobody?,/users/nobody/lists?,/nope?}[1-50]" \
        "localhost:9000/observe{/health/started,/health/ready,/health/live,/metrics}?[1-20]" >/dev/null && \
    curl --silent --fail-early --header 'Content-Type: application/json' --data '{"title": "Train"}' \
        "localhost:5000/users/aniket/lists/train/items?[1-200]" >/dev/null && \
    curl --silent --fail-early "localhost:5000/users/aniket/lists{?view=items&,/train/items?}[1-50]" >/dev/null && \
    curl --silent --fail-early --header 'Accept: text/html' "localhost:5000{/?,/page/page.css?,/page/page.js?}[1-50]" >/dev/null && \
    kill $svc && { wait $svc || [ $? = 143 ]; } && rm -r database && kill $todo

# No shell, no package manager; nothing is written, and any user of group 0 can run it.
FROM gcr.io/distroless/base-nossl-debian12:nonroot AS base
COPY --from=java /java /java
WORKDIR /app
# In which Java finds files of any name.
ENV LC_ALL=C.UTF-8
# A jar listens on localhost alone, so that nobody's machine is open to a network by accident. In a
# container nothing would reach it there, and what is open is for its network to say.
ENV SERVER_HOST=0.0.0.0 SERVER_SOCKETS_ADMIN_HOST=0.0.0.0
USER 10001:0
ARG SOURCE=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.version=1.0.0 \
    org.opencontainers.image.licenses=Apache-2.0 \
    org.opencontainers.image.source=$SOURCE \
    org.opencontainers.image.revision=$REVISION

FROM base AS todo-svc
COPY --from=todo-svc-trained /app/libs libs
COPY --from=todo-svc-trained /app/todo-svc.jar /app/todo-svc.aot /app/sbom.json ./
EXPOSE 5001 9001
ENTRYPOINT ["/java/bin/java", "-XX:AOTCache=todo-svc.aot", "-jar", "todo-svc.jar"]
LABEL org.opencontainers.image.title="todo-manager todo-svc" \
    org.opencontainers.image.description="The to-do lists of a team"

FROM base AS user-svc
COPY --from=user-svc-trained /app/libs libs
COPY --from=user-svc-trained /app/user-svc.jar /app/user-svc.aot /app/sbom.json ./
EXPOSE 5000 9000
ENTRYPOINT ["/java/bin/java", "-XX:AOTCache=user-svc.aot", "-jar", "user-svc.jar"]
LABEL org.opencontainers.image.title="todo-manager user-svc" \
    org.opencontainers.image.description="The users of a team, and the lists of each"
