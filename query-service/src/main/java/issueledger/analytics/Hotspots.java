package issueledger.analytics;

import issueledger.analytics.facts.IssueFacts;
import issueledger.http.Page;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The files or endpoints that issues are linked to now, those with most issues first. */
record Hotspots<T>(List<Spot> spots, int doubtful, Class<T> itemType, Function<Spot, T> item) implements Answer<T> {

    public record FilesItem(String path, int issues, int open, int reopened) {}

    public record EndpointsItem(String endpoint, int issues, int open, int reopened) {}

    public record FilesPage(List<FilesItem> items, @Nullable String nextCursor, int doubtful) {}

    public record EndpointsPage(
            List<EndpointsItem> items, @Nullable String nextCursor, int doubtful) {}

    /** @param reopened the reopenings of its issues */
    record Spot(String name, int issues, int open, int reopened) {
        Spot with(IssueFacts issue) {
            boolean isOpen = !issue.change(issue.lastChange()).isClosing();
            return new Spot(name, issues + 1, open + (isOpen ? 1 : 0), reopened + issue.reopened());
        }
    }

    static Hotspots<FilesItem> files(List<IssueFacts> issues, Window window) {
        return of(
                issues,
                window,
                IssueFacts::files,
                FilesItem.class,
                spot -> new FilesItem(spot.name(), spot.issues(), spot.open(), spot.reopened()));
    }

    static Hotspots<EndpointsItem> endpoints(List<IssueFacts> issues, Window window) {
        return of(
                issues,
                window,
                IssueFacts::endpoints,
                EndpointsItem.class,
                spot -> new EndpointsItem(spot.name(), spot.issues(), spot.open(), spot.reopened()));
    }

    private static <T> Hotspots<T> of(
            List<IssueFacts> issues,
            Window window,
            Function<IssueFacts, String[]> names,
            Class<T> itemType,
            Function<Spot, T> item) {
        List<IssueFacts> linked =
                issues.stream().filter(issue -> names.apply(issue).length > 0).toList();
        Map<String, Spot> spots = new HashMap<>();
        for (IssueFacts issue : linked) {
            Set<String> once = new HashSet<>(Arrays.asList(names.apply(issue)));
            for (String name : once) {
                spots.put(
                        name, spots.getOrDefault(name, new Spot(name, 0, 0, 0)).with(issue));
            }
        }
        return new Hotspots<>(List.copyOf(spots.values()), Doubts.among(linked, window), itemType, item);
    }

    @Override
    public Listing<?, T> listing() {
        return Listing.of(spots, spot -> Listing.Key.of(-spot.issues(), spot.name()), item);
    }

    @Override
    public Object json(Page<T> page) {
        return itemType == FilesItem.class
                ? new FilesPage(page.items().stream().map(FilesItem.class::cast).toList(), page.nextCursor(), doubtful)
                : new EndpointsPage(
                        page.items().stream().map(EndpointsItem.class::cast).toList(), page.nextCursor(), doubtful);
    }
}
