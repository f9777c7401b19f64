package issueledger.events;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows between this module's packages. */
class ArrowsTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("issueledger");

    @Test
    void events_know_neither_spring_nor_axon_nor_a_store_nor_their_log() {
        noClasses()
                .that()
                .resideInAPackage("issueledger.events..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..",
                        "org.axonframework..",
                        "java.sql..",
                        "org.sqlite..",
                        "com.mongodb..",
                        "org.bson..",
                        "issueledger.log..",
                        "issueledger.axon..",
                        "issueledger.http..",
                        "issueledger.template..")
                .check(CLASSES);
    }

    @Test
    void the_log_knows_neither_spring_nor_axon_nor_who_uses_it() {
        noClasses()
                .that()
                .resideInAPackage("issueledger.log..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..",
                        "org.axonframework..",
                        "issueledger.axon..",
                        "issueledger.http..",
                        "issueledger.template..")
                .check(CLASSES);
    }

    @Test
    void the_logs_contract_knows_none_of_its_stores() {
        noClasses()
                .that()
                .resideInAPackage("issueledger.log")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("issueledger.log.*..", "java.sql..", "org.sqlite..", "com.mongodb..", "org.bson..")
                .check(CLASSES);
    }

    @Test
    void proofs_know_java_alone() {
        noClasses()
                .that()
                .resideInAPackage("issueledger.proof")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("java..", "org.jspecify..", "issueledger.proof")
                .check(CLASSES);
    }

    @Test
    void nothing_here_knows_the_web() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework.web..",
                        "org.springframework.http..",
                        "jakarta.servlet..",
                        "org.apache.catalina..",
                        "issueledger.http..",
                        "issueledger.access..",
                        "issueledger.admission..",
                        "issueledger.openapi..")
                .check(CLASSES);
    }

    @Test
    void no_packages_know_each_other_in_a_circle() {
        slices().matching("issueledger.(**)").should().beFreeOfCycles().check(CLASSES);
    }
}
