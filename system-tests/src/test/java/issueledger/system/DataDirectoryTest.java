package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import issueledger.system.Ledger.Answer;
import issueledger.system.Writer.Fate;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("full")
class DataDirectoryTest {
    private static final Duration BACK = Duration.ofSeconds(10);
    private static final String NOTE = "{\"kind\":\"PROGRESS\",\"text\":\"%s\"}";

    @Test
    void a_full_disk_refuses_commands_while_reads_go_on_and_takes_them_again_once_there_is_room(@TempDir Path folder)
            throws Exception {
        Path disk = Files.createDirectory(folder.resolve("small-disk"));
        assumeTrue(isDone("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk.toString()), "only root may mount");
        try {
            try (Ledger ledger = Ledger.start(disk)) {
                Writer.open(ledger.commandPort(), "full");
                Writer writer = new Writer("writer", ledger.commandPort(), List.of("full"), " " + "x".repeat(15_000));
                assertThat(writer.write()).isEqualTo(Fate.ACKNOWLEDGED);

                assertReadsGoOn(ledger, writer, 1);

                Path ballast = disk.resolve("ballast");
                fill(ballast);
                // The write-ahead log has room for a few more commits.
                Conditions.await("the disk is full", Duration.ofSeconds(30), () -> writer.write() == Fate.REFUSED);
                assertRefused(ledger, "full");
                assertReadsGoOn(ledger, writer, 1); // The views are on the same disk and stand.
                assertThat(ledger.get("/events?limit=10").status()).isEqualTo(200);

                Files.delete(ballast);
                Conditions.await("commands are taken", BACK, () -> writer.write() == Fate.ACKNOWLEDGED);
                assertReadsGoOn(ledger, writer, writer.acknowledged().size());
                new RecordedLog(ledger.queryPort()).holdsWhatWasTold(List.of(writer));
                Ledger.verify(disk);
            }
            Ledger.verify(disk);
        } finally {
            assertThat(isDone("umount", disk.toString())).isTrue();
        }
    }

    @Test
    void a_data_directory_that_is_gone_refuses_commands_and_takes_them_again_once_it_is_back(@TempDir Path folder)
            throws Exception {
        Path data = folder.resolve("data");
        Path elsewhere = folder.resolve("elsewhere");
        try (Ledger ledger = Ledger.start(data)) {
            Writer.open(ledger.commandPort(), "gone");
            Writer writer = new Writer("writer", ledger.commandPort(), List.of("gone"));
            assertThat(writer.write()).isEqualTo(Fate.ACKNOWLEDGED);

            assertReadsGoOn(ledger, writer, 1); // The views hold it: without the log they could not come to.

            Files.move(data, elsewhere);
            for (int i = 0; i < 20; i++) {
                assertThat(writer.write()).isEqualTo(Fate.REFUSED);
            }
            assertRefused(ledger, "gone");
            assertReadsGoOn(ledger, writer, 1);
            assertThat(data).doesNotExist();
            assertReadiness(ledger, 503, "was moved, removed or replaced");

            Files.move(elsewhere, data);
            Conditions.await("commands are taken", BACK, () -> writer.write() == Fate.ACKNOWLEDGED);
            new RecordedLog(ledger.queryPort()).holdsWhatWasTold(List.of(writer));
            Ledger.verify(data);
            assertReadiness(ledger, 200, "");
        }
        Ledger.verify(data);
    }

    /** Of both services, once they have noticed. */
    private static void assertReadiness(Ledger ledger, int status, String words) {
        String path = "/actuator/health/readiness";
        Conditions.await(
                "readiness of both is " + status,
                BACK,
                () -> Stream.of(ledger.get(path), ledger.getFromCommandService(path))
                        .allMatch(answer ->
                                answer.status() == status && answer.text().contains(words)));
    }

    private static void assertRefused(Ledger ledger, String issue) {
        Answer refused =
                ledger.post("/issues/" + issue + "/record-note", NOTE.formatted("y".repeat(20_000)), "X-Actor", "ada");
        assertThat(refused.status()).as(refused.text()).isEqualTo(503);
        assertThat(refused.json().at("/type").stringValue()).isEqualTo("/problems/log-unavailable");
        assertThat(refused.json().at("/outcome").stringValue()).isEqualTo("NOT_APPENDED");
        assertThat(refused.header("Retry-After")).matches("[1-9]\\d*");
    }

    /** The views hold what the writer's first so many commands did, at least. */
    private static void assertReadsGoOn(Ledger ledger, Writer writer, int commands) {
        Writer.Acknowledged held = writer.acknowledged().get(commands - 1);
        Answer read = ledger.get("/issues/" + held.issueId(), "Ledger-Min-Position", Long.toString(held.position()));
        assertThat(read.status()).as(read.text()).isEqualTo(200);
        assertThat(read.json().at("/notes")).hasSizeGreaterThanOrEqualTo(commands);
        assertThat(ledger.get("/issues").status()).isEqualTo(200);
    }

    private static void fill(Path ballast) throws IOException {
        byte[] page = new byte[4096];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(page);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    private static boolean isDone(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
