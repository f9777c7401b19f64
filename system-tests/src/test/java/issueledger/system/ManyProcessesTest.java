package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.system.Ledger.Answer;
import issueledger.system.Service.Kind;
import issueledger.system.Writer.Acknowledged;
import issueledger.system.Writer.Fate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Tag("full")
@ExtendWith(SharedLedger.class)
class ManyProcessesTest {
    private static final int WRITERS_EACH = 4;
    private static final int NOTES_EACH = 30;
    private static final Duration FAST_BY = Duration.ofMinutes(10);
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(1);

    /** A bean that Spring reads beside the service's own: its clock is the one that is injected. */
    private static final String FAST_CLOCK = """
        <beans xmlns="http://www.springframework.org/schema/beans" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
            xsi:schemaLocation="http://www.springframework.org/schema/beans http://www.springframework.org/schema/beans/spring-beans.xsd">
          <bean id="fastClock" class="java.time.Clock" factory-method="offset" primary="true">
            <constructor-arg><bean class="java.time.Clock" factory-method="systemUTC"/></constructor-arg>
            <constructor-arg><bean class="java.time.Duration" factory-method="parse"><constructor-arg value="%s"/></bean></constructor-arg>
          </bean>
        </beans>
        """.formatted(FAST_BY);

    @Test
    void two_command_and_two_query_services_on_one_file_agree_though_one_clock_is_ten_minutes_fast(
            Ledger like, @TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        Path fastClock = Files.writeString(folder.resolve("fast-clock.xml"), FAST_CLOCK);
        int query1 = Ledger.freePort();
        int query2 = Ledger.freePort();
        try (Service right = like.serviceLikeMine(Kind.COMMAND, data, Ledger.freePort(), query1);
                Service fast = like.serviceLikeMine(Kind.COMMAND, data, Ledger.freePort(), query2)
                        .with("SPRING_MAIN_SOURCES", fastClock.toUri().toString());
                Service one = like.serviceLikeMine(Kind.QUERY, data, right.port(), query1);
                Service other = like.serviceLikeMine(Kind.QUERY, data, fast.port(), query2)) {
            List<Service> all = List.of(right, fast, one, other);
            all.forEach(Service::launch);
            all.forEach(Service::awaitReady);

            List<String> issues = List.of("both-a", "both-b", "both-c");
            issues.forEach(id -> Writer.open(right.port(), id));
            List<Writer> writers = Stream.concat(
                            IntStream.range(0, WRITERS_EACH)
                                    .mapToObj(i -> new Writer("right " + i, right.port(), issues)),
                            IntStream.range(0, WRITERS_EACH)
                                    .mapToObj(i -> new Writer("fast " + i, fast.port(), issues)))
                    .toList();
            List<Future<Duration>> slowest = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(writers.size())) {
                writers.forEach(writer -> slowest.add(threads.submit(() -> writeAndRead(writer, one, other))));
            }
            for (Future<Duration> each : slowest) {
                assertThat(each.get()).isLessThan(SEEN_WITHIN);
            }

            new RecordedLog(one.port()).holdsWhatWasTold(writers);
            new RecordedLog(other.port()).holdsWhatWasTold(writers);
            for (String id : issues) {
                assertThat(Ledger.get(one.port(), "/issues/" + id).json())
                        .isEqualTo(Ledger.get(other.port(), "/issues/" + id).json());
            }
            JsonNode head = Ledger.get(one.port(), "/audit/head").json();
            assertThat(Ledger.get(other.port(), "/audit/head").json()).isEqualTo(head);
            assertThat(Instant.parse(head.at("/recordedAt").stringValue()))
                    .as("the fast clock was followed")
                    .isAfter(Instant.now().plus(FAST_BY).minusSeconds(60));
        }
        Ledger.verify(data);
    }

    /** After each write both query services are asked for it; the answer is the longest that one of them took. */
    private static Duration writeAndRead(Writer writer, Service one, Service other) {
        long longest = 0;
        for (int i = 0; i < NOTES_EACH; i++) {
            if (writer.write() != Fate.ACKNOWLEDGED) {
                continue; // Eight writers race for three issues, and a conflict is an answer.
            }
            List<Acknowledged> told = writer.acknowledged();
            Acknowledged last = told.get(told.size() - 1);
            for (Service query : List.of(one, other)) {
                long asked = System.nanoTime();
                Answer read = Ledger.get(
                        query.port(),
                        "/issues/" + last.issueId(),
                        "Ledger-Min-Position",
                        Long.toString(last.position()));
                longest = Math.max(longest, System.nanoTime() - asked);
                assertThat(read.status()).as(read.text()).isEqualTo(200);
                assertThat(read.json()
                                .at("/notes")
                                .valueStream()
                                .map(note -> note.at("/text").stringValue()))
                        .contains(last.text());
            }
        }
        assertThat(writer.acknowledged()).hasSizeGreaterThan(NOTES_EACH / 2);
        return Duration.ofNanos(longest);
    }
}
