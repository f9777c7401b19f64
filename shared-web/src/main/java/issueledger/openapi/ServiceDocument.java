package issueledger.openapi;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.List;
import java.util.Map;

/** What a service adds to what springdoc finds: its mappings say which paths there are, this says what they take and answer. */
public interface ServiceDocument {
    String title();

    String description();

    /** In the order in which a reader meets them. */
    List<Tag> tags();

    /**
     * The operations by {@code GET /issues/{id}}; one whose path is not mapped is left out.
     *
     * @param shapes takes the schemas that they refer to
     */
    Map<String, Operation> operations(Shapes shapes, Answers answers);

    /** The paths that a mapping stands for, where it has a variable that takes only certain values; else the path alone. */
    default List<String> paths(String mapping) {
        return List.of(mapping);
    }
}
