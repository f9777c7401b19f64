package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.system.Ledger.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedLedger.class)
class RaceTest {
    private static final int CLIENTS = 50;
    private static final String NOTE = "{\"kind\":\"PROGRESS\",\"text\":\"Me first.\"}";

    @Test
    void of_fifty_clients_with_the_same_if_match_exactly_one_wins(Ledger ledger) throws Exception {
        open(ledger, "one-winner");

        List<Answer> answers = race(ledger, "one-winner", "If-Match", "\"1\"");

        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> answer.status() != 200)
                .hasSize(CLIENTS - 1)
                .allSatisfy(answer -> {
                    assertThat(answer.status()).as(answer.text()).isEqualTo(412);
                    assertThat(answer.json().at("/currentVersion").longValue()).isEqualTo(2);
                });
        assertThat(versions(ledger, "one-winner")).containsExactly(1L, 2L);
    }

    @Test
    void fifty_clients_without_if_match_all_land_with_one_event_each(Ledger ledger) throws Exception {
        open(ledger, "all-land");

        List<Answer> answers = race(ledger, "all-land");

        assertThat(answers)
                .allSatisfy(
                        answer -> assertThat(answer.status()).as(answer.text()).isEqualTo(200));
        assertThat(answers)
                .extracting(answer -> answer.json().at("/version").longValue())
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(2, CLIENTS + 1).boxed().toList());
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.json().at("/events")).hasSize(1));
        assertThat(versions(ledger, "all-land"))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, CLIENTS + 1).boxed().toList());
    }

    private static void open(Ledger ledger, String id) {
        Answer opened =
                ledger.post("/issues", "{\"id\":\"" + id + "\",\"title\":\"Slow\",\"description\":{\"text\":\"5 s\"}}");
        assertThat(opened.status()).as(opened.text()).isEqualTo(201);
    }

    private static List<Answer> race(Ledger ledger, String id, String... headers) throws Exception {
        CyclicBarrier start = new CyclicBarrier(CLIENTS);
        List<Future<Answer>> sent = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (int i = 0; i < CLIENTS; i++) {
                sent.add(clients.submit(() -> {
                    start.await();
                    return ledger.post("/issues/" + id + "/record-note", NOTE, headers);
                }));
            }
        }
        List<Answer> answers = new ArrayList<>();
        for (Future<Answer> answer : sent) {
            answers.add(answer.get());
        }
        return answers;
    }

    private static List<Long> versions(Ledger ledger, String id) {
        return ledger.get("/issues/" + id + "/events")
                .json()
                .at("/items")
                .valueStream()
                .map(event -> event.at("/version").longValue())
                .toList();
    }
}
