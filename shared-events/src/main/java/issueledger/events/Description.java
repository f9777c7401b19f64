package issueledger.events;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The observed problem: text, symptoms, affected features and users. Endpoints are written {@code POST /api/data/process}. */
public record Description(
        String text,
        List<String> symptoms,
        List<String> affectedFeatures,
        @Nullable String userImpact,
        List<String> endpoints) {
    public Description {
        Checks checks = new Checks();
        text = checks.text("/text", text);
        symptoms = checks.texts("/symptoms", symptoms);
        affectedFeatures = checks.lines("/affectedFeatures", affectedFeatures);
        userImpact = checks.optionalText("/userImpact", userImpact);
        endpoints = checks.lines("/endpoints", endpoints);
        checks.done();
    }
}
