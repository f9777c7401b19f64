package issueledger.issues;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value that the list can be filtered by. */
record Facet(String field, String value) {
    /** All fields. */
    static final List<String> FIELDS = List.of("status", "severity", "assignee", "label", "file");

    /** An issue's values. */
    static List<Facet> of(IssueView view) {
        List<Facet> facets = new ArrayList<>();
        facets.add(new Facet("status", view.status().name()));
        add(facets, "severity", view.severity() == null ? null : view.severity().name());
        add(facets, "assignee", view.assignee());
        view.labels().forEach(label -> facets.add(new Facet("label", label)));
        view.relatedFiles().forEach(file -> facets.add(new Facet("file", file.path())));
        return facets;
    }

    /** The values that a query asks for. */
    static List<Facet> of(IssueQuery query) {
        List<Facet> facets = new ArrayList<>();
        add(facets, "status", query.status() == null ? null : query.status().name());
        add(
                facets,
                "severity",
                query.severity() == null ? null : query.severity().name());
        add(facets, "label", query.label());
        add(facets, "assignee", query.assignee());
        add(facets, "file", query.file());
        return facets;
    }

    private static void add(List<Facet> facets, String field, @Nullable String value) {
        if (value != null) {
            facets.add(new Facet(field, value));
        }
    }
}
