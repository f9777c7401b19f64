package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import issueledger.access.Issuer;
import issueledger.load.Generator;
import issueledger.load.Generator.Figures;
import issueledger.system.Ledger.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** More requests than the services can answer, in an open loop; {@code ./bench overload} is the long form. */
@Tag("full")
class OverloadTest {
    private static final int ISSUES = 200;

    private static Ledger ledger;

    @BeforeAll
    static void start(@TempDir Path folder) {
        ledger = Ledger.start(folder.resolve("data"));
        ledger.learnServices();
        for (int i = 0; i < ISSUES; i++) {
            Writer.open(ledger.commandPort(), "load-" + i);
        }
        ledger.stop();
    }

    @AfterAll
    static void stop() {
        ledger.close();
        Ledger.verify(ledger.data());
    }

    /** How long health took at most while others sent their requests. */
    private static CompletableFuture<Duration> askingForHealth(int port, AtomicBoolean enough) {
        return CompletableFuture.supplyAsync(() -> {
            Duration slowest = Duration.ZERO;
            while (!enough.get()) {
                long start = System.nanoTime();
                Answer liveness = Ledger.get(port, "/actuator/health/liveness");
                assertThat(liveness.status()).isEqualTo(200);
                Duration took = Duration.ofNanos(System.nanoTime() - start);
                slowest = took.compareTo(slowest) > 0 ? took : slowest;
                pause();
            }
            return slowest;
        });
    }

    private static boolean takesCommands() {
        try {
            String body = "{\"assignee\":\"mara-" + System.nanoTime() + "\"}";
            return Ledger.post(ledger.commandPort(), "/issues/load-0/assign-issue", body, "Prefer", "wait=0")
                            .status()
                    == 200;
        } catch (UncheckedIOException e) {
            return false; // The connection was refused or reset.
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_cold_command_service_sheds_what_it_cannot_answer_and_loses_nothing(@TempDir Path folder) throws Exception {
        boolean twoCores = Runtime.getRuntime().availableProcessors() > 1 && Files.exists(Path.of("/usr/bin/taskset"));
        assumeTrue(twoCores, "the service and the generator each need a processor");
        Service commands = ledger.serviceLikeMine(
                        Service.Kind.COMMAND, ledger.data(), ledger.commandPort(), ledger.queryPort())
                .onCore(0);
        List<String> acknowledged = new ArrayList<>();
        try (commands;
                Generator generator = new Generator(folder, 1)) {
            commands.start();
            AtomicBoolean enough = new AtomicBoolean();
            CompletableFuture<Duration> health = askingForHealth(ledger.commandPort(), enough);
            Figures cold = offer(generator, 2_000, 6);
            assertThat(cold.shed())
                    .as("requests shed while the service was cold")
                    .isPositive();
            Figures most = offer(generator, 0, 4);
            Figures twice = offer(generator, 2 * most.acceptedPerSecond(), 5);
            Figures fiveTimes = offer(generator, 5 * most.acceptedPerSecond(), 5);
            enough.set(true);
            System.out.println("slowest answer of health under load: " + health.join());
            assertThat(health.join()).isLessThan(Duration.ofSeconds(5)); // ./bench overload measures 100 ms.
            for (Figures figures : List.of(cold, twice, fiveTimes)) {
                assertThat(figures.wrong()).isZero(); // How fast they were is ./bench overload's.
            }
            assertThat(fiveTimes.shed()).isPositive();
            assertThat(fiveTimes.acceptedPerSecond()).isGreaterThan(most.acceptedPerSecond() / 10); // No collapse.
            Conditions.await("the service is back", Duration.ofSeconds(5), OverloadTest::takesCommands);
            assertThat(commands.output()).doesNotContain("OutOfMemoryError").doesNotContain("\tat ");
            acknowledged.addAll(generator.acknowledged());
        }
        assertThat(acknowledged).isNotEmpty();
        Map<String, Integer> recorded = recorded();
        assertThat(recorded.values()).allMatch(times -> times == 1);
        assertThat(recorded.keySet()).containsAll(acknowledged);
    }

    private static Figures offer(Generator generator, double perSecond, double seconds) throws IOException {
        return generator.offer("commands", ledger.commandPort(), ledger.queryPort(), perSecond, seconds);
    }

    /** How many commits have each idempotency key. */
    private static Map<String, Integer> recorded() {
        Map<String, Integer> recorded = new HashMap<>();
        try (Service queries = ledger.serviceLikeMine(
                        Service.Kind.QUERY, ledger.data(), ledger.commandPort(), ledger.queryPort())
                .start()) {
            JsonNode page;
            for (String after = "0";
                    !after.isEmpty();
                    after = page.at("/nextCursor").asString("")) {
                page = Ledger.get(queries.port(), "/events?limit=10000&after=" + after)
                        .json();
                for (JsonNode event : page.at("/items")) {
                    String key = event.at("/metadata/idempotencyKey").asString("");
                    if (!key.isEmpty()) {
                        recorded.merge(key, 1, Integer::sum);
                    }
                }
            }
        }
        return recorded;
    }

    @Test
    void thousands_of_connections_of_the_worst_kinds_leave_the_heap_and_health_alone() throws Exception {
        Service commands = ledger.serviceLikeMine(
                        Service.Kind.COMMAND, ledger.data(), ledger.commandPort(), ledger.queryPort())
                .withHeap("192m");
        try (commands;
                Crowd crowd = new Crowd(ledger.commandPort())) {
            commands.start();
            crowd.come(10_000);
            for (int i = 0; i < 10; i++) {
                long start = System.nanoTime();
                assertThat(crowd.healthOnAnyConnection()).isTrue();
                System.out.println("health took " + (System.nanoTime() - start) / 1_000_000 + " ms");
                crowd.sendMore();
            }
            crowd.close();
            Conditions.await("the service is back", Duration.ofSeconds(30), OverloadTest::takesCommands);
            assertThat(commands.output()).doesNotContain("OutOfMemoryError").doesNotContain("\tat ");
            assertThat(commands.isAlive()).isTrue();
            assertThat(Ledger.get(ledger.commandPort(), "/actuator/prometheus").text())
                    .containsPattern("\nledger_connections_reset_total [1-9]");
        }
    }

    @Test
    void with_real_tokens_a_greedy_subject_leaves_places_for_others() throws Exception {
        try (Issuer issuer = Issuer.there();
                Service commands = ledger.serviceLikeMine(
                                Service.Kind.COMMAND, ledger.data(), ledger.commandPort(), ledger.queryPort())
                        .with("ISSUE_LEDGER_JWT_ISSUER", issuer.url())
                        .with("ISSUE_LEDGER_JWK_SET_URI", issuer.jwkSetUri())
                        .with("ISSUE_LEDGER_JWT_AUDIENCE", Issuer.AUDIENCE)
                        .withHeap("192m")) {
            commands.start();
            String greedy = issuer.token("greedy", "engineer");
            String modest = issuer.token("modest", "engineer");
            String forged = greedy.substring(0, greedy.length() - 8) + "AAAAAAAA";
            Map<Integer, Integer> ofGreedy = new ConcurrentHashMap<>();
            Map<Integer, Integer> ofModest = new ConcurrentHashMap<>();
            Map<Integer, Integer> ofForged = new ConcurrentHashMap<>();
            AtomicBoolean enough = new AtomicBoolean();
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 300; i++) {
                    String token = i % 10 == 0 ? forged : greedy;
                    Map<Integer, Integer> outcomes = i % 10 == 0 ? ofForged : ofGreedy;
                    int issue = i % ISSUES;
                    var unused = clients.submit(() -> {
                        while (!enough.get()) {
                            outcomes.merge(note(issue, token), 1, Integer::sum);
                        }
                    });
                }
                Conditions.await("requests are shed", Duration.ofSeconds(30), () -> ofGreedy.getOrDefault(503, 0) > 50);
                // It tries again after a refusal, as clients do: the service is cold, and all come from one address.
                Conditions.await("the modest subject gets through", Duration.ofSeconds(90), () -> {
                    ofModest.merge(note(7, modest), 1, Integer::sum);
                    return ofModest.getOrDefault(200, 0) >= 20;
                });
                enough.set(true);
            }
            System.out.println("with tokens: greedy " + ofGreedy + ", modest " + ofModest + ", forged " + ofForged);
            assertThat(ofModest.keySet()).isSubsetOf(200, 503);
            assertThat(ofGreedy.keySet()).isSubsetOf(200, 503);
            assertThat(ofForged.keySet()).isSubsetOf(401, 503);
            assertThat(commands.output()).doesNotContain("OutOfMemoryError").doesNotContain("\tat ");
        }
    }

    private static int note(int issue, String token) {
        String body = "{\"kind\":\"PROGRESS\",\"text\":\"still slow\"}";
        return Ledger.post(
                        ledger.commandPort(),
                        "/issues/load-" + issue + "/record-note",
                        body,
                        "Authorization",
                        "Bearer " + token)
                .status();
    }
}
