package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The walk of docs/security.md with its local issuer: each request gets the status that stands below it. */
@Tag("full")
class SecurityWalkTest {
    private static final Pattern REQUEST = Pattern.compile("(?m)^(curl .*)\n# (\\d{3})");

    @TempDir
    private Path folder;

    @Test
    void each_request_is_answered_as_the_page_says() throws IOException, InterruptedException {
        for (String program : List.of("python3", "openssl", "curl")) {
            assumeThat(Programs.isThere(program))
                    .as("%s is not installed", program)
                    .isTrue();
        }
        String page = Files.readString(Ledger.home().resolve("docs/security.md"));
        List<MatchResult> requests = REQUEST.matcher(page).results().toList();
        assertThat(requests).hasSize(6);
        int port = Ledger.freePort();
        Process issuer = new ProcessBuilder("python3", script(), "serve", Integer.toString(port))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("issuer.log").toFile())
                .start();
        Map<String, String> environment = Map.of(
                "ISSUE_LEDGER_JWT_ISSUER", "http://127.0.0.1:" + port, "ISSUE_LEDGER_JWT_AUDIENCE", "issue-ledger");
        try (Ledger ledger = Ledger.startWith(environment, folder.resolve("data"))) {
            Map<String, String> tokens =
                    Map.of("MARA", token(port, "mara", "engineer"), "RUI", token(port, "rui", "reporter"));
            for (MatchResult request : requests) {
                String command = request.group(1)
                        .replace("localhost:8080", "127.0.0.1:" + ledger.commandPort())
                        .replace("localhost:8081", "127.0.0.1:" + ledger.queryPort());
                assertThat(answered(command, tokens, request.group(2)))
                        .as(command)
                        .isEqualTo(request.group(2));
            }
        } finally {
            issuer.destroy();
            issuer.waitFor();
        }
    }

    private static String script() {
        return Ledger.home().resolve("docs/issuer.py").toString();
    }

    private String token(int port, String subject, String role) {
        return Programs.run(folder, "python3", script(), "token", Integer.toString(port), subject, role)
                .strip();
    }

    /** The status; a reader waits until the views hold what was written before it. */
    private String answered(String command, Map<String, String> tokens, String expected) throws InterruptedException {
        String status = "";
        for (int i = 0; i < 50 && !status.equals(expected); i++) {
            status = Programs.run(folder, tokens, "bash", "-c", command + " -o answer -w '%{http_code}'");
            if (!status.equals("404")) {
                return status;
            }
            Thread.sleep(100);
        }
        return status;
    }
}
