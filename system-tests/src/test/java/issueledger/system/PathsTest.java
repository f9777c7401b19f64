package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.http.Http;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each path that the problem pages, README or a document names is one that a service has. */
@ExtendWith(SharedLedger.class)
class PathsTest {
    private static final Pattern NAMED =
            Pattern.compile("(?:`|(?:GET|POST) |localhost:808[01])(/[a-z][^`\\s\"'?#)|]*)");

    /** Shortened, or with a variable of the shell: no path by itself. */
    private static final Pattern PART = Pattern.compile("[*…<$\\[]");

    /** Paths of examples, pointers, prefixes, and ends of paths that stand whole beside them. */
    private static final Pattern NO_PATH = Pattern.compile(
            "/api/.*|/orders|/actors|/phases/0/name|.*/|/analytics|/tlog|/metrics|/timeline|/liveness|/readiness");

    private static final Map<String, String> EXAMPLES =
            Map.of("{name}", "issues", "{id}", "slow", "{command}", "start-work", "ID", "slow");

    @Test
    void each_path_that_a_page_names_is_there(Ledger ledger) throws IOException {
        Map<String, String> named = named();
        assertThat(named).hasSizeGreaterThan(40);
        named.forEach((path, where) -> {
            String asked = path;
            for (Map.Entry<String, String> example : EXAMPLES.entrySet()) {
                asked = asked.replace(example.getKey(), example.getValue());
            }
            asked = asked.replaceAll("\\{\\w+}", "1");
            assertThat(List.of(options(ledger.commandPort(), asked), options(ledger.queryPort(), asked)))
                    .as("OPTIONS %s, of %s", asked, where)
                    .contains(200);
        });
    }

    private static int options(int port, String path) {
        return Http.send(port, "OPTIONS", path, BodyPublishers.noBody()).statusCode();
    }

    /** The paths, each with a file that names it. */
    private static Map<String, String> named() throws IOException {
        Map<String, String> named = new TreeMap<>();
        for (Path file : files()) {
            for (String line : Files.readAllLines(file)) {
                Matcher paths = NAMED.matcher(line);
                while (!line.contains("*(planned)*") && paths.find()) {
                    String path = paths.group(1).replaceFirst("[.,;:]+$", "");
                    if (!PART.matcher(path).find() && !NO_PATH.matcher(path).matches()) {
                        named.put(path, file.getFileName().toString());
                    }
                }
            }
        }
        return named;
    }

    private static List<Path> files() throws IOException {
        Path home = Ledger.home();
        try (Stream<Path> pages = Files.list(home.resolve("docs/problems"));
                Stream<Path> documents = Files.list(home.resolve("docs"))) {
            return Stream.of(pages, documents, Stream.of(home.resolve("README.md")))
                    .flatMap(each -> each)
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList();
        }
    }
}
