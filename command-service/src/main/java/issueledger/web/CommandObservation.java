package issueledger.web;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.observation.DefaultServerRequestObservationConvention;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.stereotype.Component;

/** Gives the metrics of HTTP requests the name of the command, in the path and as a label of its own. */
@Component
class CommandObservation extends DefaultServerRequestObservationConvention {
    private static final String NONE = "none";

    @Override
    public KeyValues getLowCardinalityKeyValues(ServerRequestObservationContext context) {
        CommandTrail trail = trail(context);
        KeyValues values =
                super.getLowCardinalityKeyValues(context).and("command", trail == null ? NONE : trail.command());
        return trail == null ? values : values.and(path(context, trail));
    }

    private static @Nullable CommandTrail trail(ServerRequestObservationContext context) {
        return context.getCarrier() != null
                        && context.getCarrier().getAttribute(CommandTrail.ATTRIBUTE) instanceof CommandTrail trail
                ? trail
                : null;
    }

    /** The pattern with the command in it; that of another path as it is. */
    private static KeyValues path(ServerRequestObservationContext context, CommandTrail trail) {
        return CommandTrail.COMMAND_PATH.equals(context.getPathPattern())
                ? KeyValues.of(KeyValue.of("uri", CommandTrail.COMMAND_PATH.replace("{command}", trail.command())))
                : KeyValues.empty();
    }
}
