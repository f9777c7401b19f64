package issueledger.cli.evidence;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import issueledger.events.EventJson;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.MetricSeries;
import issueledger.evidence.MetricVerdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Both services of a ledger with the issue {@code slow}, as far as {@code ./ledger evidence} uses them. */
final class LedgerDouble implements AutoCloseable {
    private final HttpServer server;
    private final List<Measured> records = new ArrayList<>();
    final List<JsonNode> bodies = new ArrayList<>();
    final List<String> keys = new ArrayList<>();
    final List<String> tokens = new ArrayList<>();
    /** How many requests are answered 503 before the others. */
    int overloaded;

    private record Measured(MetricRecorded metric, Instant measuredAt, boolean withdrawn)
            implements MetricSeries.Measurement {}

    LedgerDouble() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void has(MetricRecorded metric) {
        records.add(new Measured(metric, Instant.EPOCH, false));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            tokens.add(Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), ""));
            if (overloaded > 0) {
                overloaded--;
                exchange.getResponseHeaders().add("Retry-After", "0");
                send(exchange, 503, "{\"detail\":\"Later.\"}");
            } else if (path.equals("/issues/slow")) {
                exchange.getResponseHeaders().add("Location", url() + "/issues/slow");
                send(exchange, 307, "");
            } else if (path.equals("/issues/slow/import-metrics")) {
                bodies.add(EventJson.MAPPER.readTree(body));
                keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
                for (JsonNode metric : EventJson.MAPPER.readTree(body).path("metrics")) {
                    has(EventJson.MAPPER.treeToValue(metric, MetricRecorded.class));
                }
                send(exchange, 200, "{\"position\":" + records.size() + "}");
            } else if (path.equals("/issues/slow/metrics")) {
                String effect = exchange.getRequestURI().getQuery().replace("effect=", "");
                send(exchange, 200, series(new BigDecimal(effect)));
            } else {
                send(exchange, 404, "{\"detail\":\"There is no such issue.\"}");
            }
        }
    }

    private String series(BigDecimal effect) {
        ObjectNode page = EventJson.MAPPER.createObjectNode();
        ArrayNode items = page.putArray("items");
        for (MetricSeries series : MetricSeries.of(records)) {
            List<Measured> of = records.stream()
                    .filter(record -> MetricSeries.Key.of(record.metric()).equals(series.key()))
                    .toList();
            ObjectNode item = EventJson.MAPPER.valueToTree(series);
            item.set("verdict", EventJson.MAPPER.valueToTree(MetricVerdict.of(series.better(), of, effect)));
            items.add(item);
        }
        return page.toString();
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
