package issueledger.openapi.queries;

import issueledger.analytics.AnalyticsController;
import issueledger.analytics.Bucket;
import issueledger.analytics.Forecast;
import issueledger.audit.Bundle;
import issueledger.audit.ExportHead;
import issueledger.audit.ExportedEvent;
import issueledger.audit.RefusalsController;
import issueledger.audit.Verdict;
import issueledger.events.EventJson;
import issueledger.events.IssueEvent;
import issueledger.events.Severity;
import issueledger.events.Status;
import issueledger.history.EventItem;
import issueledger.history.HistoryController;
import issueledger.issues.IssueView;
import issueledger.issues.Issues;
import issueledger.issues.IssuesController;
import issueledger.openapi.Schemas;
import issueledger.openapi.ServiceDocument;
import issueledger.projections.ProjectionsController;
import issueledger.tlog.TlogController;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** The schemas of the queries; each answer has the shape of the record that is written. */
public final class QueryDocument implements ServiceDocument {
    @Override
    public void complete(ObjectNode document, Schemas schemas) {
        schemas.add(
                "Payload",
                Schemas.yaml("{type: object, description: The event's payload; its schema has the name of its type.}"));
        Stream.of(
                        Issues.Item.class,
                        IssueView.class,
                        EventItem.class,
                        Bundle.class,
                        ExportHead.class,
                        ExportedEvent.class,
                        Verdict.class)
                .forEach(schemas::of);
        AnalyticsController.ANSWERS.forEach(schemas::of);
        addEvents(schemas);

        schemas.kind("status", schemas.of(Status.class));
        schemas.kind("severity", schemas.of(Severity.class));
        schemas.kind("issuesLimit", limit(IssuesController.MAX_ITEMS, IssuesController.DEFAULT_ITEMS));
        schemas.kind("analyticsLimit", limit(AnalyticsController.MAX_ITEMS, AnalyticsController.DEFAULT_ITEMS));
        schemas.kind("bucket", buckets());
        schemas.kind("blocks", limit(Forecast.MOST_BLOCKS, Forecast.DEFAULT_BLOCKS));
        schemas.kind(
                "seed", Schemas.yaml("{type: integer, format: int64, default: %d}".formatted(Forecast.DEFAULT_SEED)));
        schemas.kind("refusalsLimit", limit(RefusalsController.MAX_REFUSALS, RefusalsController.DEFAULT_REFUSALS));
        schemas.kind("parkedLimit", limit(ProjectionsController.MAX_PARKED, ProjectionsController.DEFAULT_PARKED));
        schemas.kind("checkpointsLimit", limit(TlogController.MAX_CHECKPOINTS, TlogController.DEFAULT_CHECKPOINTS));
        schemas.kind("sort", sorts());
        schemas.kind("eventType", eventTypes());
        schemas.kind("historyLimit", limit(HistoryController.MAX_EVENTS, HistoryController.DEFAULT_EVENTS));
    }

    /** An item for each type of event: its type is a constant, by which clients tell them apart, and its payload is that type's. */
    private static void addEvents(Schemas schemas) {
        ObjectNode item = schemas.component("EventItem");
        Map<String, String> names = new TreeMap<>();
        for (Class<?> event : IssueEvent.class.getPermittedSubclasses()) {
            String type = EventJson.typeOf(event.asSubclass(IssueEvent.class));
            ObjectNode one = item.deepCopy();
            one.withObject("/properties").set("type", Schemas.constant(type));
            one.withObject("/properties").set("payload", schemas.of(event));
            schemas.add(type + "Event", one);
            names.put(type, type + "Event");
        }
        // Events of before these fields are shown as they are stored.
        ArrayNode required = (ArrayNode) schemas.component("MetricRecorded").required("required");
        required.removeIf(name ->
                name.stringValue().equals("samples") || name.stringValue().equals("run"));
        schemas.add("EventItem", schemas.oneOf("type", names));
    }

    private static ObjectNode sorts() {
        ObjectNode sort = Schemas.yaml("{type: string, default: %s}".formatted(IssuesController.DEFAULT_SORT));
        ArrayNode values = sort.putArray("enum");
        IssuesController.SORT_FIELDS.forEach(field -> values.add(field).add("-" + field));
        return sort;
    }

    private static ObjectNode eventTypes() {
        ObjectNode type = Schemas.yaml("type: string");
        type.putArray("enum")
                .addAll(HistoryController.TYPES.stream()
                        .map(StringNode::valueOf)
                        .toList());
        return type;
    }

    private static ObjectNode buckets() {
        return Schemas.oneOf(Arrays.stream(Bucket.values()).map(Bucket::word))
                .put("default", AnalyticsController.DEFAULT_BUCKET.word());
    }

    private static ObjectNode limit(int most, int usual) {
        return Schemas.yaml("{type: integer, minimum: 1, maximum: %d, default: %d}".formatted(most, usual));
    }
}
