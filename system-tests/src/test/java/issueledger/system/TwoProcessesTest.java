package issueledger.system;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.system.Ledger.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedLedger.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TwoProcessesTest {
    private static final String NOTE = "{\"kind\":\"PROGRESS\",\"text\":\"Seen from both.\"}";

    private static Ledger second;

    @BeforeAll
    static void startASecondOnTheSameData(Ledger first) {
        second = Ledger.start(first.data());
    }

    @AfterAll
    static void stopIt() {
        second.close();
    }

    @Test
    @Order(1)
    void two_runs_on_the_same_data_see_each_others_writes(Ledger first) {
        Answer opened =
                first.post("/issues", "{\"id\":\"shared\",\"title\":\"Slow\",\"description\":{\"text\":\"5 s\"}}");
        assertThat(opened.status()).as(opened.text()).isEqualTo(201);
        assertThat(read(second, opened).status()).isEqualTo(200);

        Answer noted = second.post("/issues/shared/record-note", NOTE, "If-Match", "\"1\"");
        assertThat(noted.status()).as(noted.text()).isEqualTo(200);
        assertThat(read(first, noted).json().at("/notes/0/text").stringValue()).isEqualTo("Seen from both.");

        Answer again = first.post("/issues/shared/record-note", NOTE);
        assertThat(again.json().at("/version").longValue()).as(again.text()).isEqualTo(3);
        assertThat(first.get("/audit/head").json())
                .isEqualTo(second.get("/audit/head").json());
    }

    @Test
    @Order(2)
    void sigterm_answers_a_request_under_way_and_keeps_what_it_acknowledged(Ledger first) throws Exception {
        Answer opened =
                first.post("/issues", "{\"id\":\"last-word\",\"title\":\"Slow\",\"description\":{\"text\":\"5 s\"}}");

        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), second.commandPort())) {
            socket.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
            BufferedReader answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            send(
                    socket,
                    "POST /issues/last-word/record-note HTTP/1.1\r\n"
                            + "Host: localhost\r\n"
                            + "Content-Type: application/json\r\n"
                            + "Content-Length:"
                            + " " + NOTE.length() + "\r\nExpect: 100-continue\r\n\r\n");
            assertThat(answer.readLine()).startsWith("HTTP/1.1 100");
            assertThat(answer.readLine()).isEmpty();

            second.terminate();
            awaitNoMoreConnections();
            send(socket, NOTE);

            assertThat(answer.readLine()).startsWith("HTTP/1.1 200");
        }
        assertThat(second.awaitExit()).isZero();
        assertThat(second.output()).contains("Issue Ledger has stopped");

        long next = Long.parseLong(opened.header("Ledger-Position")) + 1;
        Answer read = first.get("/issues/last-word", "Ledger-Min-Position", Long.toString(next));
        assertThat(read.json().at("/notes")).hasSize(1);
    }

    private static Answer read(Ledger ledger, Answer accepted) {
        return ledger.get("/issues/shared", "Ledger-Min-Position", accepted.header("Ledger-Position"));
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
        socket.getOutputStream().flush();
    }

    private static void awaitNoMoreConnections() throws IOException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < end) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), second.commandPort())) {
                Thread.onSpinWait();
            } catch (ConnectException e) {
                return;
            }
        }
        throw new AssertionError("it still takes connections");
    }
}
