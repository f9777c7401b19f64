package issueledger.admission;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.observation.ObservationPredicate;
import issueledger.admission.Overloaded.Reason;
import issueledger.admission.Traffic.Lane;
import issueledger.log.mongo.MongoDeployment;
import issueledger.startup.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.catalina.valves.RemoteIpValve;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.observation.ServerRequestObservationContext;

/** Puts admission in front of both services, with its metrics and its part of readiness. */
@Configuration(proxyBeanMethods = false)
public class AdmissionConfiguration {
    private static final Duration WARM_UP = Duration.ofMillis(1_200);

    @Bean
    Admission admission(Traffic traffic, ObjectProvider<MongoDeployment> mongo) {
        return new Admission(
                Runtime.getRuntime().maxMemory(),
                traffic.singleBytes(),
                traffic.longBytes(),
                mongo.getIfAvailable() != null,
                System::nanoTime);
    }

    @Bean
    Edge edge(Admission admission, Traffic traffic, Settings settings) {
        return new Edge(admission, traffic, settings.trustedProxies());
    }

    /** The connector with its bounds, and the valve before everything else. */
    static final class Edge implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
        private final Admission admission;
        private final Traffic traffic;
        private final List<String> trustedProxies;
        private @Nullable Connections connections;

        Edge(Admission admission, Traffic traffic, List<String> trustedProxies) {
            this.admission = admission;
            this.traffic = traffic;
            this.trustedProxies = trustedProxies;
        }

        @Override
        public void customize(TomcatServletWebServerFactory factory) {
            factory.setProtocol(Connections.class.getName());
            factory.addConnectorCustomizers(connector -> {
                connections = (Connections) connector.getProtocolHandler();
                connections.limit(admission.connections(), new EarlyRefusal(admission, traffic));
            });
            if (!trustedProxies.isEmpty()) {
                factory.addEngineValves(forwarded());
            }
            factory.addEngineValves(new AdmissionValve(admission, traffic));
        }

        /** Takes client, scheme, host and port from what a trusted proxy forwards; other senders' headers are left alone. */
        private RemoteIpValve forwarded() {
            RemoteIpValve valve = new RemoteIpValve();
            valve.setInternalProxies(String.join(",", trustedProxies));
            valve.setHostHeader("X-Forwarded-Host");
            valve.setPortHeader("X-Forwarded-Port");
            return valve;
        }

        double ofConnections(java.util.function.ToDoubleFunction<Connections> figure) {
            return connections == null ? 0 : figure.applyAsDouble(connections);
        }
    }

    @Bean
    ApplicationRunner warmUp(ApplicationContext context, Traffic traffic) {
        return arguments -> {
            if (context instanceof ServletWebServerApplicationContext web
                    && web.getWebServer() instanceof TomcatWebServer server) {
                WarmUp.refuse(traffic);
                WarmUp.run(server.getTomcat().getConnector(), traffic.samples(), WARM_UP);
            }
        };
    }

    @Bean
    ObservationPredicate noMetricsOfTheWarmUp() {
        return (name, context) -> !(context instanceof ServerRequestObservationContext request
                && request.getCarrier() != null
                && WarmUp.isWarmUp(request.getCarrier()));
    }

    /** Lasting overload makes the service not ready; liveness does not change. */
    @Bean
    HealthIndicator loadHealthIndicator(Admission admission) {
        return () -> admission.isLastinglyOverloaded()
                ? Health.outOfService()
                        .withDetail("trouble", "more requests come than are answered, for more than 30 s")
                        .build()
                : Health.up().build();
    }

    @Bean
    MeterBinder admissionMeters(Admission admission, Edge edge) {
        return registry -> {
            for (Lane lane : Lane.values()) {
                bind(registry, lane.name().toLowerCase(Locale.ROOT), admission.turns(lane));
            }
            Gauge.builder("ledger.connections", edge, e -> e.ofConnections(Connections::open))
                    .description("Open connections")
                    .register(registry);
            Gauge.builder("ledger.connections.limit", admission, Admission::connections)
                    .description("Connections beyond which only health is answered")
                    .register(registry);
            FunctionCounter.builder("ledger.connections.reset", edge, e -> e.ofConnections(Connections::resets))
                    .description("Connections reset at once, beyond the limit and its reserve")
                    .register(registry);
            FunctionCounter.builder("ledger.connections.closed", edge, e -> e.ofConnections(Connections::swept))
                    .description("Connections closed for a head that did not end, or for being idle near the limit")
                    .register(registry);
        };
    }

    private static void bind(MeterRegistry registry, String lane, Turns turns) {
        Gauge.builder("ledger.requests.inflight", turns, Turns::inFlight)
                .description("Requests in flight")
                .tag("lane", lane)
                .register(registry);
        Gauge.builder("ledger.requests.waiting", turns, Turns::waiting)
                .description("Requests that wait for their turn")
                .tag("lane", lane)
                .register(registry);
        Gauge.builder("ledger.requests.paused", turns, Turns::paused)
                .description("Requests that wait for their bodies or for a position of the log")
                .tag("lane", lane)
                .register(registry);
        Gauge.builder("ledger.requests.limit", turns, Turns::limit)
                .description("Requests that may be in flight")
                .tag("lane", lane)
                .register(registry);
        for (Reason reason : Reason.values()) {
            FunctionCounter.builder("ledger.requests.shed", turns, t -> t.shed(reason))
                    .description("Requests answered 503 /problems/overloaded")
                    .tag("lane", lane)
                    .tag("reason", reason.label())
                    .register(registry);
        }
    }
}
