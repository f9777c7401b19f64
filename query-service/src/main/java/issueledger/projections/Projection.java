package issueledger.projections;

import org.jspecify.annotations.Nullable;

/** A question's read model, kept as views in a view store and fed from the log. */
public interface Projection {

    /** The name in {@code /projections} and in paths, kebab-case. */
    String name();

    /** The version of its stored format and its fold. Views of another version are not served. */
    int version();

    /** Opens the views of a generation; makes what they are stored in if it is absent. */
    ReadModel open(Generation generation);

    /**
     * Replaces the views that answers are read from.
     *
     * @param model null while there are none that may be read
     */
    void serve(@Nullable ReadModel model);

    /** The name of its views in a store. */
    default String storedAs() {
        return name() + "-" + version();
    }
}
