package issueledger.command;

import issueledger.admission.AdmissionConfiguration;
import issueledger.axon.EventLogConfiguration;
import issueledger.http.HttpConfiguration;
import issueledger.monitoring.MonitoringConfiguration;
import issueledger.openapi.OpenApiConfiguration;
import issueledger.openapi.commands.CommandDocument;
import issueledger.refusals.RefusalsConfiguration;
import issueledger.startup.Version;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;

/** Takes commands, decides, appends events. */
@SpringBootApplication(
        scanBasePackages = {"issueledger.web", "issueledger.handling", "issueledger.refused", "issueledger.demo"})
@Import({
    EventLogConfiguration.class,
    HttpConfiguration.class,
    AdmissionConfiguration.class,
    MonitoringConfiguration.class,
    RefusalsConfiguration.class,
    CommandTraffic.class,
    AppendMeters.class,
    CommandAccess.class,
    OpenApiConfiguration.class,
    CommandDocument.class
})
public class CommandService {

    public static void main(String[] args) {
        if (Version.isAskedFor(args)) {
            System.out.println("Issue Ledger, command-service: " + Version.TEXT);
            return;
        }
        // The software calls nobody and advertises nothing.
        System.setProperty("axoniq.update-checker.disabled", "true");
        System.setProperty("disable-axoniq-console-message", "true");
        try {
            SpringApplication.run(CommandService.class, args);
        } catch (RuntimeException e) {
            // Spring has said why. A thread of Axon's would keep the process alive for ever.
            System.exit(1);
        }
    }
}
