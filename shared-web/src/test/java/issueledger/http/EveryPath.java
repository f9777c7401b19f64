package issueledger.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The paths that a service of ours maps. */
public final class EveryPath {
    private EveryPath() {}

    /**
     * HEAD on each readable path answers as GET without a body, and OPTIONS on each lists its methods.
     *
     * @param examples a value for each variable of a path
     */
    public static void answersHeadAndOptions(
            RequestMappingHandlerMapping mapping, int port, Map<String, String> examples) {
        Set<String> patterns = of(mapping);
        assertThat(patterns).contains("/problems/{name}").hasSizeGreaterThan(4);
        patterns.forEach(pattern -> {
            String path = pattern;
            for (Map.Entry<String, String> example : examples.entrySet()) {
                path = path.replace("{" + example.getKey() + "}", example.getValue());
            }
            assertThat(path).as("an example of %s", pattern).doesNotContain("{");

            RawAnswer options = RawAnswer.to(port, request("OPTIONS", path), false);
            assertThat(options.status())
                    .as("OPTIONS %s: %s", path, options.text())
                    .isEqualTo(200);
            assertThat(options.body()).as("OPTIONS %s", path).isEmpty();
            Set<String> allowed = Set.of(options.header("Allow").split(", ?"));
            assertThat(allowed).as("OPTIONS %s", path).contains("OPTIONS").hasSizeGreaterThan(1);

            RawAnswer head = RawAnswer.to(port, request("HEAD", path), false);
            assertThat(head.body()).as("HEAD %s", path).isEmpty();
            if (allowed.contains("GET")) {
                assertThat(allowed).as("OPTIONS %s", path).contains("HEAD");
                RawAnswer get = RawAnswer.headOf(port, request("GET", path));
                assertThat(head.status()).as("HEAD %s: %s", path, head.text()).isEqualTo(get.status());
                assertThat(head.header("Content-Type")).as("HEAD %s", path).isEqualTo(get.header("Content-Type"));
            } else {
                assertThat(head.status()).as("HEAD %s", path).isEqualTo(405);
            }
        });
    }

    /** The service's paths stand in docs/api.md, in the given section, and no path there that is not planned is missing. */
    public static void standsInTheContract(
            RequestMappingHandlerMapping mapping, String section, Set<String> ofEveryService) {
        String text = Contract.section("api.md", section);
        Set<String> documented = new TreeSet<>();
        for (String row : text.lines().filter(line -> line.startsWith("| `")).toList()) {
            String requests = row.split(" \\| ")[0];
            Matcher path = Pattern.compile("(?:GET|POST) (/[^`?\\s]*)[^`]*`").matcher(requests);
            while (path.find()) {
                if (!requests.contains(Contract.PLANNED)) {
                    documented.add(path.group(1));
                }
            }
        }
        Set<String> mapped = of(mapping);
        mapped.removeAll(ofEveryService);
        documented.removeAll(ofEveryService);
        assertThat(mapped).containsExactlyInAnyOrderElementsOf(documented);
    }

    private static Set<String> of(RequestMappingHandlerMapping mapping) {
        Set<String> patterns = new TreeSet<>();
        mapping.getHandlerMethods().forEach((info, method) -> {
            if (method.getBeanType().getName().startsWith("issueledger.") && method.getBeanType() != Problems.class) {
                patterns.addAll(info.getPatternValues());
            }
        });
        return patterns;
    }

    private static byte[] request(String method, String path) {
        return (method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(US_ASCII);
    }
}
