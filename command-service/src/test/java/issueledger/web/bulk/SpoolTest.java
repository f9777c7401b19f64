package issueledger.web.bulk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class SpoolTest {
    @TempDir
    private Path folder;

    @Test
    void what_is_put_comes_out_in_order_through_memory_and_file() throws Exception {
        try (Spool spool = new Spool(folder, 1 << 24)) {
            ByteArrayOutputStream put = new ByteArrayOutputStream();
            ByteArrayOutputStream taken = new ByteArrayOutputStream();
            for (int round = 0; round < 5; round++) {
                for (int i = 0; i < 60_000; i++) {
                    byte[] line = ("line " + round + "-" + i + "\n").getBytes(UTF_8);
                    spool.put(line);
                    put.writeBytes(line);
                }
                while (!spool.isEmpty() && (round % 2 == 0 || taken.size() < put.size() / 2)) {
                    taken.writeBytes(spool.take());
                }
            }
            spool.end();
            for (byte[] next = spool.take(); next != null; next = spool.take()) {
                taken.writeBytes(next);
            }
            assertThat(taken.toByteArray()).isEqualTo(put.toByteArray());
        }
    }

    @Test
    void a_full_spool_waits_for_the_client() throws Exception {
        try (Spool spool = new Spool(folder, 1_000_000)) {
            CompletableFuture<Void> putting = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 100; i++) {
                    spool.put(new byte[100_000]);
                }
                spool.end();
            });
            assertThat(putting)
                    .as("it waits")
                    .failsWithin(200, TimeUnit.MILLISECONDS)
                    .withThrowableOfType(java.util.concurrent.TimeoutException.class);
            long taken = 0;
            for (byte[] next = spool.take(); next != null; next = spool.take()) {
                taken += next.length;
            }
            assertThat(taken).isEqualTo(10_000_000);
            putting.get();
        }
    }

    @Test
    void a_client_that_is_gone_holds_nobody_up() throws IOException, InterruptedException {
        try (Spool spool = new Spool(folder, 1_000)) {
            spool.put(new byte[1_000_000]);
            CompletableFuture<Void> putting = CompletableFuture.runAsync(() -> spool.put(new byte[1_000_000]));
            spool.abandon();
            assertThat(putting).succeedsWithin(5, TimeUnit.SECONDS);
            assertThat(spool.take()).isNull();
        }
    }

    @Test
    void where_no_file_can_be_made_the_rest_is_given_up_and_said_so() throws IOException, InterruptedException {
        try (Spool spool = new Spool(folder.resolve("is-not-there"), 1 << 24)) {
            spool.put(new byte[1_000_000]);
            assertThat(spool.isAbandoned()).isTrue();
            assertThat(spool.take()).isNull();
        }
    }
}
